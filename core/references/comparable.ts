import { type Json, type JsonObject, RESOURCE_TYPES, type ResourceType } from '../model/resource.ts';
import { isObject, put } from './json.ts';
import { compile, type Place } from './pattern.ts';
import { strip } from './strip.ts';
import { DEFAULTS, type Default, FREE_FORM } from './table/equalities.ts';

const VERBATIM = Symbol('verbatim');
type Entry = Default | typeof VERBATIM;

const PLACES = Object.fromEntries(
  RESOURCE_TYPES.map((type) => [
    type,
    compile<Entry>([
      ...FREE_FORM.map((path) => ({ path, value: VERBATIM as Entry })),
      ...DEFAULTS.filter((rule) => rule.in === type || rule.in === '*').map((rule) => ({
        path: rule.path,
        value: rule as Entry,
      })),
    ]),
  ]),
) as Record<ResourceType, Place<Entry>>;

/**
 * The form in which two documents are equal when nothing but the server's own doing tells them apart: without what
 * does not travel, without sample data, without values that equal their absence (null, empty lists and objects,
 * defaults), the names of members in order. Two documents are the same when their comparable forms give the same
 * JSON text.
 *
 * @throws FlowferryError `document_too_deep`
 */
export function comparable(type: ResourceType, document: JsonObject): JsonObject {
  return object(strip(type, document, 'compare', { copySampleData: false }), PLACES[type]);
}

/** The comparable form with the ids by which a merge tells the parts of a document apart. */
export function mergeable(type: ResourceType, document: JsonObject): JsonObject {
  return object(strip(type, document, 'merge', { copySampleData: false }), PLACES[type]);
}

function object(from: JsonObject, place: Place<Entry>): JsonObject {
  const made: JsonObject = {};
  for (const name of Object.keys(from).sort()) {
    const next = place.member(name);
    const value = normal(from[name] ?? null, next);
    const isDefault = next.accepted.some((entry) => entry !== VERBATIM && entry.value === value);
    if (!isDefault && !isNothing(value)) put(made, name, value);
  }
  return made;
}

function normal(value: Json, place: Place<Entry>): Json {
  if (place.accepted.includes(VERBATIM)) return sorted(value);
  // Elements stay where they are, even empty ones: their order and number mean something.
  if (Array.isArray(value)) return value.map((element) => normal(element, place.element()));
  return isObject(value) ? object(value, place) : value;
}

/** As it is, but for the order of members, which has no meaning in JSON. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const made: JsonObject = {};
  for (const name of Object.keys(value).sort()) put(made, name, sorted(value[name] ?? null));
  return made;
}

function isNothing(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === null || (isObject(value) && Object.keys(value).length === 0);
}
