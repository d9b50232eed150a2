import { isObject, member } from '../model/pointer.ts';
import type { Json, ResourceType } from '../model/resource.ts';
import { equal } from './equal.ts';
import { type ArrayRule, type Identity, ruleFor } from './identities.ts';
import type { Place, Sides } from './place.ts';

export interface KeyedElement {
  value: Json;
  index: number;
}

/** An array by the identities of its elements, in the array's order. */
export type Keyed = ReadonlyMap<string, KeyedElement>;

/**
 * The same array of several documents, each by the same identity: the rule's first that tells the elements apart in
 * all of them. `undefined` where an element has no identity, or two have the same, whatever the rule tries.
 */
export function keyAll(rule: ArrayRule, arrays: readonly (readonly Json[])[]): Keyed[] | undefined {
  for (const identity of rule.identities) {
    const keyed = arrays.map((array) => keyBy(identity, array));
    if (keyed.every((one) => one !== undefined)) return keyed;
  }
  return undefined;
}

function keyBy(identity: Identity, array: readonly Json[]): Keyed | undefined {
  const keyed = new Map<string, KeyedElement>();
  const seen = new Map<string, number>();
  for (const [index, value] of array.entries()) {
    let key = keyOf(identity, value);
    if (key === undefined) return undefined;
    if (identity.by === 'step') {
      const before = seen.get(key) ?? 0;
      seen.set(key, before + 1);
      key = `${key}#${before}`;
    }
    if (keyed.has(key)) return undefined;
    keyed.set(key, { value, index });
  }
  return keyed;
}

/**
 * Keys with those of one repeated step in turn: the first that came out is the first when they are counted again, so
 * that each is merged with the same one the next time.
 */
export function inTurn(rule: ArrayRule, keys: readonly string[]): readonly string[] {
  if (!rule.identities.some(({ by }) => by === 'step')) return keys;
  const turns = Map.groupBy(keys, stepOf);
  for (const repeated of turns.values()) repeated.sort((a, b) => countOf(a) - countOf(b));
  return keys.flatMap((key) => turns.get(stepOf(key))?.shift() ?? []);
}

function stepOf(key: string): string {
  return key.slice(0, key.lastIndexOf('#'));
}

function countOf(key: string): number {
  return Number(key.slice(key.lastIndexOf('#') + 1));
}

function keyOf(identity: Identity, element: Json): string | undefined {
  if (identity.by === 'value') return isKey(element) ? JSON.stringify(element) : undefined;
  if (!isObject(element)) return undefined;
  if (identity.by === 'step') {
    const refersTo = ['_exportId', '_importId'].filter((name) => isKey(member(element, name)));
    const [name] = refersTo;
    return name === undefined || refersTo.length > 1 ? undefined : `${name}:${member(element, name)}`;
  }
  const values = identity.names.map((name) => member(element, name));
  if (values.every(isKey)) return JSON.stringify(values);
  return identity.optional === true && values.every((value) => value === undefined) ? '' : undefined;
}

function isKey(value: Json | undefined): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}

/** The three arrays of one place by identity, and the rule that did it. */
export interface KeyedSides extends Sides<Keyed> {
  rule: ArrayRule;
}

/** The arrays by identity, where there is anything to merge one by one; `undefined`: they are one value. */
export function keySides(type: ResourceType, place: Place, sides: Sides): KeyedSides | undefined {
  const source = elementsOf(sides.source);
  const target = elementsOf(sides.target);
  if (source === undefined || target === undefined || !differInParts(sides, source, target)) return undefined;
  const rule = ruleFor(type, place.path);
  const keyed = rule && keyAll(rule, [elementsOf(sides.base) ?? [], source, target]);
  const [keyedBase, keyedSource, keyedTarget] = keyed ?? [];
  if (
    rule === undefined ||
    keyedBase === undefined ||
    keyedSource === undefined ||
    keyedTarget === undefined
  ) {
    return undefined;
  }
  return { rule, base: keyedBase, source: keyedSource, target: keyedTarget };
}

/** A list that is absent or null is an empty one. */
function elementsOf(value: Json | undefined): readonly Json[] | undefined {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : undefined;
}

/** An array that came or went as a whole is one change, not one of each element. */
function differInParts(sides: Sides, source: readonly Json[], target: readonly Json[]): boolean {
  if (source.length > 0 && target.length > 0) return true;
  if (source.length === 0 && target.length === 0) return false;
  return !equal(sides.base, sides.source) && !equal(sides.base, sides.target);
}
