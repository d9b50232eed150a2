/** The collections of integrator.io that the sandbox keeps per account, by their path segment. */
export const COLLECTIONS = [
  'integrations',
  'flows',
  'exports',
  'imports',
  'connections',
  'scripts',
  'asynchelpers',
  'filedefinitions',
  'lookupcaches',
  'iclients',
  'stacks',
  'agents',
  'ediprofiles',
  'tools',
  'apis',
] as const;

/** One of the collections kept per account. */
export type Collection = (typeof COLLECTIONS)[number];

/** A document as JSON knows it. What lies under a field is anybody's: look before you use it. */
export interface Document {
  _id: string;
  [field: string]: unknown;
}

/** A JSON object that may still lack an id. */
export type Fields = Record<string, unknown>;

const KNOWN: ReadonlySet<string> = new Set(COLLECTIONS);

/** Tells whether a path segment names a collection kept per account. */
export function isCollection(name: string): name is Collection {
  return KNOWN.has(name);
}

/** Tells whether a value is a JSON object (not an array, not null). */
export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object, or an empty one. For reading only: what is written into it may be lost. */
export function objectAt(holder: unknown, key: string): Fields {
  const value = isObject(holder) ? holder[key] : undefined;
  return isObject(value) ? value : {};
}

/** The objects of the array at `key`; anything else there counts as none. */
export function objectsAt(holder: unknown, key: string): Fields[] {
  const value = isObject(holder) ? holder[key] : undefined;
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Null, undefined and the empty string all mean "nothing" where integrator.io expects an id or a schedule. */
export function isNothing(value: unknown): value is null | undefined | '' {
  return value === null || value === undefined || value === '';
}

/** The model name that integrator.io uses in manifests and messages, e.g. `FileDefinition`. */
export const MODEL: Readonly<Record<Collection, string>> = {
  integrations: 'Integration',
  flows: 'Flow',
  exports: 'Export',
  imports: 'Import',
  connections: 'Connection',
  scripts: 'Script',
  asynchelpers: 'AsyncHelper',
  filedefinitions: 'FileDefinition',
  lookupcaches: 'LookupCache',
  iclients: 'iClient',
  stacks: 'Stack',
  agents: 'Agent',
  ediprofiles: 'EDIProfile',
  tools: 'Tool',
  apis: 'API',
};
