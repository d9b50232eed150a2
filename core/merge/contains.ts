import { child, isObject, member } from '../model/pointer.ts';
import type { Json, JsonObject, ResourceType } from '../model/resource.ts';
import { equal } from './equal.ts';
import { ruleFor } from './identities.ts';

/**
 * Where what was sent is not contained in what is there: pointers into `sent`, none where all of it is contained.
 * Objects may have more members than were sent; arrays must have the same length and the same elements in the same
 * order, save sets, whose order has no meaning. What is blank (absent, null, empty array or object) is contained in
 * what is blank; the empty string is a value.
 */
export function contains(type: ResourceType, actual: JsonObject, sent: JsonObject): string[] {
  const missing: string[] = [];
  compare(type, actual, sent, '', [], missing);
  return missing;
}

function compare(
  type: ResourceType,
  actual: Json | undefined,
  sent: Json | undefined,
  pointer: string,
  path: readonly string[],
  missing: string[],
): void {
  if (isObject(actual) && isObject(sent)) {
    for (const name of Object.keys(sent)) {
      compare(type, member(actual, name), member(sent, name), child(pointer, name), [...path, name], missing);
    }
  } else if (Array.isArray(actual) && Array.isArray(sent) && actual.length === sent.length) {
    const there = ruleFor(type, path)?.set === true ? paired(actual, sent) : actual;
    for (const [index, element] of sent.entries()) {
      compare(type, there[index], element, child(pointer, index), [...path, '*'], missing);
    }
  } else if (!equal(actual, sent)) {
    missing.push(pointer);
  }
}

/** A set's elements in the order they were sent in; what has no counterpart fills the gaps, in its own order. */
function paired(actual: readonly Json[], sent: readonly Json[]): readonly Json[] {
  const rest = [...actual];
  const found = sent.map((element) => {
    const index = rest.findIndex((candidate) => equal(candidate, element));
    return index < 0 ? undefined : rest.splice(index, 1)[0];
  });
  return found.map((element) => element ?? rest.shift() ?? null);
}
