import { type Json, type JsonObject, RESOURCE_TYPES, type ResourceType } from '../model/resource.ts';
import { checkDepth } from './depth.ts';
import { put } from './json.ts';
import { isMasked } from './mask.ts';
import { compile, type Place } from './pattern.ts';
import { SAMPLE_FIELDS } from './table/anywhere.ts';
import { type Occasion, STRIPS, type StripRule } from './table/strips.ts';

export interface StripOptions {
  /** `true`: sample data, which may hold customers' records, stays in. */
  copySampleData: boolean;
}

/** Sample data is told apart from the rules, because it depends on the caller whether it stays. */
const SAMPLE = Symbol('sample data');
type Entry = StripRule | typeof SAMPLE;

const OCCASIONS: readonly Occasion[] = ['create', 'update', 'compare', 'merge'];

const PLACES = Object.fromEntries(
  OCCASIONS.map((occasion) => [
    occasion,
    Object.fromEntries(
      RESOURCE_TYPES.map((type) => [
        type,
        compile<Entry>([
          ...STRIPS.filter((rule) => (rule.in === type || rule.in === '*') && rule.on.includes(occasion)).map(
            (rule) => ({ path: rule.path, value: rule as Entry }),
          ),
          ...SAMPLE_FIELDS.map((field) => ({ path: `**.${field}`, value: SAMPLE as Entry })),
        ]),
      ]),
    ),
  ]),
) as Record<Occasion, Record<ResourceType, Place<Entry>>>;

/**
 * What a POST may carry: the document without what the server writes, what says where it came from, secrets and
 * masks and, unless asked for, sample data. The result shares nothing with the document.
 *
 * @throws FlowferryError `document_too_deep`
 */
export function forCreate(type: ResourceType, document: JsonObject, options: StripOptions): JsonObject {
  return strip(type, document, 'create', options);
}

/**
 * What a PUT may carry. Ids of flow groups and the token in a webhook's address stay in: they are the target's own,
 * and a PUT without them would take them away.
 *
 * @throws FlowferryError `document_too_deep`
 */
export function forUpdate(type: ResourceType, document: JsonObject, options: StripOptions): JsonObject {
  return strip(type, document, 'update', options);
}

/** A copy of a document without what the rules take out on this occasion. Masked values always go. */
export function strip(
  type: ResourceType,
  document: JsonObject,
  occasion: Occasion,
  options: StripOptions,
): JsonObject {
  const goes = (place: Place<Entry>, value: Json): boolean =>
    isMasked(value) ||
    place.accepted.some((entry) =>
      entry === SAMPLE ? !options.copySampleData : entry.stringsOnly !== true || typeof value === 'string',
    );

  const object = (from: JsonObject, place: Place<Entry>, depth: number): JsonObject => {
    checkDepth(depth);
    const made: JsonObject = {};
    for (const name of Object.keys(from)) {
      const value = from[name];
      if (value === undefined) continue;
      const next = place.member(name);
      if (!goes(next, value)) put(made, name, one(value, next, depth + 1));
    }
    return made;
  };

  const one = (value: Json, place: Place<Entry>, depth: number): Json => {
    if (typeof value !== 'object' || value === null) return value;
    if (!Array.isArray(value)) return object(value, place, depth);
    checkDepth(depth);
    const next = place.element();
    return value.filter((element) => !goes(next, element)).map((element) => one(element, next, depth + 1));
  };

  return object(document, PLACES[occasion][type], 0);
}
