/** A JSON value as integrator.io sends and takes it. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object; `undefined` members count as absent. */
export interface JsonObject {
  [key: string]: Json | undefined;
}

/** A resource as integrator.io stores it: every one has an `_id`, and nearly every one a `name`. */
export interface Document extends JsonObject {
  _id: string;
}

/** The resource types flowferry knows, by the singular names integrator.io uses for them. */
export const RESOURCE_TYPES = [
  'integration',
  'flow',
  'export',
  'import',
  'connection',
  'script',
  'asynchelper',
  'filedefinition',
  'lookupcache',
  'iclient',
  'stack',
  'agent',
  'ediprofile',
  'tool',
  'api',
] as const;

export type ResourceType = (typeof RESOURCE_TYPES)[number];

/** The collection a type's resources live in, as it stands in the path: `/v1/<collection>/<id>`. */
export function collectionOf(type: ResourceType): string {
  return `${type}s`;
}

/** The type whose collection this is, or `undefined` for a collection flowferry does not know. */
export function typeOfCollection(collection: string): ResourceType | undefined {
  return RESOURCE_TYPES.find((type) => collectionOf(type) === collection);
}

const OBJECT_ID = /^[0-9a-f]{24}$/;

/** Whether this is an id of integrator.io: 24 lower-case hexadecimal characters. */
export function isObjectId(value: unknown): value is string {
  return typeof value === 'string' && OBJECT_ID.test(value);
}

/** The name of a resource for people; its id where it has none. */
export function nameOf(document: Document): string {
  return typeof document['name'] === 'string' && document['name'] !== '' ? document['name'] : document._id;
}
