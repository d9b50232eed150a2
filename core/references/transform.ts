import type { Json, JsonObject, ResourceType } from '../model/resource.ts';
import { checkDepth } from './depth.ts';
import { put } from './json.ts';
import type { Place } from './pattern.ts';
import type { Path } from './pointer.ts';
import type { ReferenceRow } from './row.ts';
import { type Entry, entryAt, rootOf, SAMPLE } from './site.ts';

/** Leaves the member, or the array element, out. */
export const REMOVE: unique symbol = Symbol('remove');
/** Leaves out the nearest array element that holds it. */
export const REMOVE_ELEMENT: unique symbol = Symbol('remove the element');

type Outcome = Json | typeof REMOVE | typeof REMOVE_ELEMENT;

/** What stands in the place of what was there. Paths are those of the input, valid during the call only. */
export interface Transformer {
  reference(row: ReferenceRow, value: Json, path: Path): Outcome;
  text(value: string, path: Path): string;
  key(name: string, path: Path): string;
}

/** How to leave a reference out, as its row says. */
export function omission(row: ReferenceRow): typeof REMOVE | typeof REMOVE_ELEMENT {
  // A row that ends in `[]` is itself the element.
  return row.omit === 'element' && !row.path.endsWith('[]') ? REMOVE_ELEMENT : REMOVE;
}

/**
 * Makes a new document out of one; the two share nothing, and the order of members is kept.
 *
 * @throws FlowferryError `document_too_deep`
 */
export function transform(type: ResourceType, document: JsonObject, transformer: Transformer): JsonObject {
  const path: (string | number)[] = [];

  /** `undefined`: the object went with an element it stands in. */
  const members = (object: JsonObject, place: Place<Entry>, parent: string): JsonObject | undefined => {
    checkDepth(path.length);
    const made: JsonObject = {};
    for (const name of Object.keys(object)) {
      const value = object[name];
      if (value === undefined) continue;
      path.push(name);
      const next = place.member(name);
      const sample = next.accepted.includes(SAMPLE);
      const newName = sample ? name : transformer.key(name, path);
      const outcome = sample ? copy(value, path.length) : one(value, next, parent, name);
      path.pop();
      if (outcome === REMOVE_ELEMENT) return undefined;
      if (outcome === REMOVE) continue;
      // Two names must not become one: the other member would be lost. The old name is left for the scan to find.
      put(made, newName === name || Object.hasOwn(object, newName) ? name : newName, outcome);
    }
    return made;
  };

  const elements = (array: readonly Json[], place: Place<Entry>, parent: string): Json[] => {
    checkDepth(path.length);
    const next = place.element();
    const made: Json[] = [];
    for (let index = 0; index < array.length; index++) {
      path.push(index);
      const outcome = one(array[index] ?? null, next, parent, parent);
      path.pop();
      if (outcome !== REMOVE && outcome !== REMOVE_ELEMENT) made.push(outcome);
    }
    return made;
  };

  const one = (value: Json, place: Place<Entry>, parent: string, name: string): Outcome => {
    const entry = entryAt(place, value, document, parent);
    if (entry === SAMPLE) return copy(value, path.length);
    if (entry !== undefined) {
      const reference = entry.kind !== 'never' && value !== null && value !== '';
      return reference ? transformer.reference(entry, value, path) : copy(value, path.length);
    }
    if (typeof value === 'string') return transformer.text(value, path);
    if (Array.isArray(value)) return elements(value, place, name);
    if (typeof value === 'object' && value !== null) return members(value, place, name) ?? REMOVE_ELEMENT;
    return value;
  };

  // No row asks for an element where there is none, so the document itself always stays.
  return members(document, rootOf(type), '') ?? {};
}

/** A deep copy of a value that stands `depth` levels deep. */
export function copy(value: Json, depth: number): Json {
  if (typeof value !== 'object' || value === null) return value;
  checkDepth(depth);
  if (Array.isArray(value)) return value.map((element) => copy(element ?? null, depth + 1));
  const made: JsonObject = {};
  for (const name of Object.keys(value)) {
    const member = value[name];
    if (member !== undefined) put(made, name, copy(member, depth + 1));
  }
  return made;
}
