import { type Collection, type Fields, isNothing, isObject, MODEL } from './documents.ts';
import type { Problems } from './errors.ts';
import { isObjectId } from './ids.ts';

/** A place in a document that names another one of the same account. */
export interface Reference {
  collection: Collection;
  /** What stands there: an id, if the document is sound. */
  value: unknown;
  /** The object or array that holds it, and under which key: enough to write another id there. */
  holder: Fields | unknown[];
  key: string | number;
  /** The top-level field under which it stands. */
  root: string;
  /** The path as integrator.io writes it: `routers[0].branches[1].pageProcessors[0]._importId`. */
  field(): string;
}

/** Fields that hold one id, wherever in a document they stand. */
const SINGLE: ReadonlyMap<string, Collection> = new Map([
  ['_integrationId', 'integrations'],
  ['_connectionId', 'connections'],
  ['_mcpConnectionId', 'connections'],
  ['_borrowConcurrencyFromConnectionId', 'connections'],
  ['_exportId', 'exports'],
  ['_postParseListenerId', 'exports'],
  ['_keepDeltaBehindExportId', 'exports'],
  ['_importId', 'imports'],
  ['_flowId', 'flows'],
  ['_abstractFlowId', 'flows'],
  ['_keepDeltaBehindFlowId', 'flows'],
  ['_scriptId', 'scripts'],
  ['_stackId', 'stacks'],
  ['_iClientId', 'iclients'],
  ['_agentId', 'agents'],
  ['_toolId', 'tools'],
  ['_apiId', 'apis'],
  ['_fileDefinitionId', 'filedefinitions'],
  ['_asyncHelperId', 'asynchelpers'],
  ['_lookupCacheId', 'lookupcaches'],
  ['_ediProfileId', 'ediprofiles'],
] as const);

/** Fields that hold a list of ids. */
const LIST: ReadonlyMap<string, Collection> = new Map([
  ['_runNextFlowIds', 'flows'],
  ['_registeredConnectionIds', 'connections'],
  ['_registeredLookupCacheIds', 'lookupcaches'],
] as const);

/** Below these stand customers' records or the traces of a wizard: look-alike fields there name nothing. */
const UNWALKED: ReadonlySet<string> = new Set([
  'mockOutput',
  'mockResponse',
  'sampleData',
  'sampleResponseData',
  'sourceConnection',
]);

/** A bare `_id` is a reference only in these lists of an instance's or a tool's overrides. */
const OVERRIDDEN: readonly Collection[] = ['connections', 'exports', 'imports'];

/** Calls `visit` for every reference of a document, in the order of the document. Null and '' are none. */
export function walkReferences(
  collection: Collection,
  document: Fields,
  visit: (reference: Reference) => void,
): void {
  const path: (string | number)[] = [];

  const found = (to: Collection, holder: Fields | unknown[], key: string | number): void => {
    const value = (holder as Fields)[key];
    if (isNothing(value)) return;
    const here = [...path, key];
    visit({ collection: to, value, holder, key, root: String(here[0]), field: () => writePath(here) });
  };

  const walk = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const [index, item] of node.entries()) descend(index, item);
      return;
    }
    if (!isObject(node)) return;
    for (const key of Object.keys(node)) {
      if (UNWALKED.has(key)) continue;
      const single = SINGLE.get(key);
      const list = LIST.get(key);
      const value = node[key];
      if (single) found(single, node, key);
      else if (list && Array.isArray(value)) {
        path.push(key);
        for (const index of value.keys()) found(list, value, index);
        path.pop();
      } else if (key === '_parentId' && collection === 'integrations' && path.length === 0) {
        found('integrations', node, key);
      } else {
        if (key === 'overrides' || key === 'overridesHelper') walkOverridden(key, value);
        descend(key, value);
      }
    }
  };

  const descend = (key: string | number, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    path.push(key);
    walk(value);
    path.pop();
  };

  const walkOverridden = (name: string, overrides: unknown): void => {
    if (!isObject(overrides)) return;
    for (const kind of OVERRIDDEN) {
      const entries = overrides[kind];
      if (!Array.isArray(entries)) continue;
      for (const [index, entry] of entries.entries()) {
        if (!isObject(entry)) continue;
        path.push(name, kind, index);
        found(kind, entry, '_abstractId');
        found(kind, entry, '_id');
        path.length -= 3;
      }
    }
  };

  walk(document);
}

/**
 * Reports every reference that names nothing in the account.
 *
 * @param owned top-level fields that are not the client's: what stands there is no fault of this write
 */
export function checkReferences(
  collection: Collection,
  document: Fields,
  exists: (collection: Collection, id: string) => boolean,
  owned: readonly string[],
  problems: Problems,
): void {
  walkReferences(collection, document, (reference) => {
    const { value } = reference;
    if (isObjectId(value) && exists(reference.collection, value)) return;
    if (owned.includes(reference.root)) return;
    if (reference.key === '_integrationId' && !isObjectId(value)) {
      problems.add('invalid_ref', 'Please provide a valid _integrationId.', reference.field(), 400);
      return;
    }
    const model = MODEL[reference.collection];
    problems.add('invalid_ref', `${model} not found for the given id`, reference.field());
  });
}

function writePath(path: readonly (string | number)[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}
