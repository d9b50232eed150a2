import { define, isObject, member } from '../model/pointer.ts';
import type { Json, JsonObject, ResourceType } from '../model/resource.ts';
import { equal, isBlank } from './equal.ts';
import { ruleFor } from './identities.ts';
import { keyAll } from './keyed.ts';

/** One value, as it stands in a whole document and in the document's comparable form. */
interface Both {
  whole: Json | undefined;
  plain: Json | undefined;
}

/**
 * Carries a merge of comparable forms over to the whole document of the target: what the merge left as it was keeps
 * everything that comparing takes out (values the server fills in, ids of parts, sample data), and what it took from
 * the source comes as the source has it.
 *
 * @param merged what the target should be, in comparable form
 */
export function overlay(
  type: ResourceType,
  target: { whole: JsonObject; plain: JsonObject },
  source: { whole: JsonObject; plain: JsonObject },
  merged: JsonObject,
): JsonObject {
  return overlayObject(type, [], target, source, merged);
}

function overlayObject(
  type: ResourceType,
  path: readonly string[],
  target: { whole: JsonObject; plain: JsonObject },
  source: Both,
  merged: JsonObject,
): JsonObject {
  const made: JsonObject = { ...target.whole };
  for (const name of new Set([...Object.keys(target.plain), ...Object.keys(merged)])) {
    const wanted = member(merged, name);
    if (wanted === undefined) {
      delete made[name];
      continue;
    }
    const value = overlayValue(
      type,
      [...path, name],
      { whole: member(target.whole, name), plain: member(target.plain, name) },
      { whole: part(source.whole, name), plain: part(source.plain, name) },
      wanted,
    );
    define(made, name, value);
  }
  return made;
}

function overlayValue(
  type: ResourceType,
  path: readonly string[],
  target: Both,
  source: Both,
  merged: Json,
): Json {
  if (target.whole !== undefined && equal(merged, target.plain)) return target.whole;
  if (isObject(merged) && isObject(target.whole) && isObject(target.plain)) {
    return overlayObject(type, path, { whole: target.whole, plain: target.plain }, source, merged);
  }
  if (Array.isArray(merged)) {
    const made = overlayArray(type, path, target, source, merged);
    if (made !== undefined) return made;
  }
  return source.whole !== undefined && equal(merged, source.plain) ? source.whole : merged;
}

/** Element by element where identities, or else positions, tell which is which. */
function overlayArray(
  type: ResourceType,
  path: readonly string[],
  target: Both,
  source: Both,
  merged: readonly Json[],
): Json[] | undefined {
  const [inTarget, inSource] = [aligned(target), aligned(source)];
  if (inTarget === undefined) return undefined;
  const inner = [...path, '*'];
  const rule = ruleFor(type, path);
  const keyed = rule && keyAll(rule, [inTarget.plain, inSource?.plain ?? [], merged]);
  if (keyed === undefined) {
    if (inTarget.plain.length !== merged.length) return undefined;
    return merged.map((element, index) =>
      overlayValue(type, inner, elementAt(inTarget, index), elementAt(inSource, index), element),
    );
  }
  const [targets, sources, wanted] = keyed;
  return [...(wanted ?? [])].map(([key, { value }]) =>
    overlayValue(
      type,
      inner,
      elementAt(inTarget, targets?.get(key)?.index),
      elementAt(inSource, sources?.get(key)?.index),
      value,
    ),
  );
}

interface Aligned {
  whole: readonly Json[];
  plain: readonly Json[];
}

/** Both forms of an array, as long as the elements stand in the same places. */
function aligned({ whole, plain }: Both): Aligned | undefined {
  const [one, other] = [whole ?? [], isBlank(plain) ? [] : plain];
  if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return undefined;
  return { whole: one, plain: other };
}

function elementAt(array: Aligned | undefined, index: number | undefined): Both {
  if (array === undefined || index === undefined) return { whole: undefined, plain: undefined };
  return { whole: array.whole[index], plain: array.plain[index] };
}

function part(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) ? member(value, name) : undefined;
}
