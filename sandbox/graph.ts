import type { Account } from './account.ts';
import type { Collection, Document, Fields } from './documents.ts';
import { isObjectId } from './ids.ts';
import { walkReferences } from './references.ts';

/** A document together with where it lives. */
export interface Node {
  collection: Collection;
  document: Document;
}

/** What integrator.io copies along when it clones. Everything else is named by the copy as by the original. */
const COPIED: ReadonlySet<Collection> = new Set([
  'exports',
  'imports',
  'scripts',
  'asynchelpers',
  'filedefinitions',
  'lookupcaches',
  'tools',
] as const);

/** What the given documents need, transitively, of those collections that are copied along; needed ones last. */
export function needs(account: Account, roots: readonly Node[]): Node[] {
  const reached = new Map<string, Node>(roots.map((node) => [node.document._id, node]));
  const queue = [...roots];
  for (let node = queue.shift(); node; node = queue.shift()) {
    walkReferences(node.collection, node.document, ({ collection, value }) => {
      if (!COPIED.has(collection) || !isObjectId(value) || reached.has(value)) return;
      const document = account.store(collection).get(value);
      if (!document) return;
      const next = { collection, document };
      reached.set(value, next);
      queue.push(next);
    });
  }
  return [...reached.values()];
}

/** All ids of one collection that the documents name. */
export function named(
  nodes: readonly { collection: Collection; document: Fields }[],
  wanted: Collection,
): Set<string> {
  const ids = new Set<string>();
  for (const { collection, document } of nodes) {
    walkReferences(collection, document, ({ collection: to, value }) => {
      if (to === wanted && isObjectId(value)) ids.add(value);
    });
  }
  return ids;
}

/** The connections that a flow's exports and imports use. */
export function stepConnections(account: Account, flow: Fields): Set<string> {
  const ids = new Set<string>();
  for (const collection of ['exports', 'imports'] as const) {
    for (const id of named([{ collection: 'flows', document: flow }], collection)) {
      const connection = account.store(collection).get(id)?.['_connectionId'];
      if (isObjectId(connection)) ids.add(connection);
    }
  }
  return ids;
}
