import { type Json, type JsonObject, RESOURCE_TYPES, type ResourceType } from '../model/resource.ts';
import { isObject } from './json.ts';
import { compile, type Place } from './pattern.ts';
import type { Guard, ReferenceRow } from './row.ts';
import { NAME_MAPS, SAMPLE_FIELDS } from './table/anywhere.ts';
import { REFERENCES } from './table.ts';

/** Marks subtrees with sample data. */
export const SAMPLE = Symbol('sample data');

export type Entry = ReferenceRow | typeof SAMPLE;

/** The automaton of each type: sample data first, then the type's own rows, then those that hold everywhere. */
const PLACES = Object.fromEntries(
  RESOURCE_TYPES.map((type) => [
    type,
    compile<Entry>([
      ...SAMPLE_FIELDS.map((field) => ({ path: `**.${field}`, value: SAMPLE as Entry })),
      ...REFERENCES.filter((row) => row.in === type || row.in === '*').map((row) => ({
        path: row.path,
        value: row as Entry,
      })),
    ]),
  ]),
) as Record<ResourceType, Place<Entry>>;

/** Where a walk through a document of this type begins. */
export function rootOf(type: ResourceType): Place<Entry> {
  return PLACES[type];
}

/**
 * What the table says of a value.
 *
 * @param parent the name of the member that the object holding the value is, '' for the document itself
 */
export function entryAt(
  place: Place<Entry>,
  value: Json,
  document: JsonObject,
  parent: string,
): Entry | undefined {
  const entry = place.accepted.length === 0 ? undefined : firstThatHolds(place.accepted, document);
  if (entry !== undefined) {
    const described = entry !== SAMPLE && entry.in === '*' && isObject(value) && NAME_MAPS.has(parent);
    return described ? undefined : entry;
  }
  if (Array.isArray(value) || value === null || value === '') return undefined;
  // A list of references was expected here and something else stands in its place.
  const element = place.element().accepted;
  const expected = element.length === 0 ? undefined : firstThatHolds(element, document);
  return expected !== undefined &&
    expected !== SAMPLE &&
    expected.kind !== 'never' &&
    expected.path.endsWith('[]')
    ? expected
    : undefined;
}

function firstThatHolds(entries: readonly Entry[], document: JsonObject): Entry | undefined {
  for (const entry of entries) {
    if (entry === SAMPLE || entry.when === undefined || holds(entry.when, document)) return entry;
  }
  return undefined;
}

function holds(guard: Guard, document: JsonObject): boolean {
  let value: Json | undefined = document;
  for (const name of guard.path.split('.')) {
    value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value === guard.equals;
}
