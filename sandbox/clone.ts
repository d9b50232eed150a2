import { type Account, stamp } from './account.ts';
import { RULES } from './collections/index.ts';
import { type Collection, type Document, type Fields, isNothing, isObject, objectsAt } from './documents.ts';
import { fail } from './errors.ts';
import { type Node, named, needs } from './graph.ts';
import { isObjectId, randomHex } from './ids.ts';
import { walkReferences } from './references.ts';

/** What a clone is asked to be. */
export interface CloneRequest {
  name?: string | undefined;
  /** For a flow: the integration that takes it. */
  integrationId?: string | undefined;
  flowGroupingId?: unknown;
  connectionMap?: unknown;
  stackId?: unknown;
}

/** Everything that a clone of these documents copies, the documents first. */
export function cloneSet(account: Account, roots: readonly Node[]): Node[] {
  return needs(account, roots);
}

/**
 * Reads the connection map and holds it to the rule: every connection that the copies reach must be in it,
 * and what it names must exist in the account.
 *
 * @throws {ApiError} 400 `invalid_connectionMap`, without saying which one is missing
 */
export function readConnectionMap(
  account: Account,
  nodes: readonly Node[],
  map: unknown,
  required: boolean,
): Map<string, string> {
  const reached = named(nodes, 'connections');
  if (isNothing(map) && (!required || reached.size === 0)) return new Map();
  const entries = isObject(map) ? map : {};
  for (const id of reached) {
    const target = Object.hasOwn(entries, id) ? entries[id] : undefined;
    if (!isObjectId(target) || !account.store('connections').has(target)) throw invalidMap();
  }
  return new Map(Object.entries(entries).filter((entry): entry is [string, string] => isObjectId(entry[1])));
}

/**
 * Copies the documents within the account: new ids, references among the copies and to mapped connections
 * rewritten, everything else named as before. Flows lose schedule and next-flow links and are disabled.
 */
export function copy(
  account: Account,
  nodes: readonly Node[],
  connectionMap: ReadonlyMap<string, string>,
  request: CloneRequest,
): Node[] {
  const now = stamp();
  const newIds = new Map(connectionMap);
  for (const { document } of nodes) newIds.set(document._id, account.ids.next(Date.now()));
  const groups = new Map<unknown, string>();
  const copies = nodes.map(({ collection, document }, index): Node => {
    const doc = structuredClone(document);
    for (const field of RULES[collection].owned) delete doc[field];
    doc._id = newIds.get(document._id) ?? doc._id;
    if (collection === 'scripts' || index === 0) doc['_sourceId'] = document._id;
    doc['createdAt'] = now;
    doc['lastModified'] = now;
    remap(collection, doc, newIds);
    const webhook = doc['webhook'];
    if (isObject(webhook) && !isNothing(webhook['token'])) webhook['token'] = randomHex(32);
    if (collection === 'integrations') regroup(account, doc, groups);
    return { collection, document: doc };
  });
  for (const [index, node] of copies.entries()) {
    if (node.collection === 'flows') putToSleep(node.document, groups);
    if (index === 0) settleRoot(node, request);
    // The groups of a copied integration have their new ids by now and must keep them.
    const existing = node.collection === 'integrations' ? node.document : undefined;
    RULES[node.collection].finish?.({ account, ...node, existing });
    account.store(node.collection).put(node.document);
    copyLookupData(account, nodes[index] as Node, node);
  }
  return copies;
}

/** A lookup cache is copied without its entries, unless it says that they come along. */
function copyLookupData(account: Account, from: Node, to: Node): void {
  if (from.document['includeDataInTemplatesAndCloning'] !== true) return;
  const data = account.lookupData.get(from.document._id);
  if (data) account.lookupData.set(to.document._id, new Map(data));
}

function settleRoot({ collection, document }: Node, request: CloneRequest): void {
  document['name'] = request.name ?? document['name'];
  if (collection !== 'flows') return;
  document['_integrationId'] = request.integrationId;
  if (isNothing(request.flowGroupingId)) delete document['_flowGroupingId'];
  else document['_flowGroupingId'] = request.flowGroupingId;
}

function putToSleep(flow: Document, groups: ReadonlyMap<unknown, string>): void {
  flow['disabled'] = true;
  delete flow['schedule'];
  delete flow['_runNextFlowIds'];
  const group = groups.get(flow['_flowGroupingId']);
  if (group === undefined) delete flow['_flowGroupingId'];
  else flow['_flowGroupingId'] = group;
}

function regroup(account: Account, integration: Document, groups: Map<unknown, string>): void {
  for (const group of objectsAt(integration, 'flowGroupings')) {
    const id = account.ids.next(Date.now());
    groups.set(group['_id'], id);
    group['_id'] = id;
  }
}

function remap(collection: Collection, document: Fields, newIds: ReadonlyMap<string, string>): void {
  walkReferences(collection, document, ({ value, holder, key }) => {
    const id = newIds.get(String(value));
    if (id !== undefined) (holder as Fields)[key] = id;
  });
}

function invalidMap() {
  return fail(400, 'invalid_connectionMap', 'Please provide a valid connectionMap.', 'connectionMap');
}
