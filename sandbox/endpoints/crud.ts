import type { Collection, Document } from '../documents.ts';
import { isNothing } from '../documents.ts';
import { masked } from '../masks.ts';
import { page } from '../paging.ts';
import { projection } from '../projection.ts';
import type { Answer, Ask, Endpoint } from '../router.ts';
import { create, patch, remove, replace } from '../write.ts';

/** GET of a collection. */
export const list: Endpoint = (ask) => {
  const collection = collectionOf(ask);
  const hideInstances = collection === 'flows' && ask.query.get('includeInstances') !== 'true';
  return answerList(
    ask,
    collection,
    (document) => !(hideInstances && !isNothing(document['_abstractFlowId'])),
  );
};

/** A page of those documents of a collection that belong to a list; 204 when it is empty. */
export function answerList(ask: Ask, collection: Collection, keep: (document: Document) => boolean): Answer {
  const { account, path, query, settings } = ask;
  const project = projection(collection, query);
  const { documents, link } = page(account.store(collection), path, query, settings.pageSize, keep);
  if (documents.length === 0) return { status: 204 };
  const body = documents.map((document) => {
    const shown = masked(collection, document);
    const listed = collection === 'scripts' ? withoutContent(shown) : shown;
    return project ? project(listed) : listed;
  });
  return link === undefined ? { status: 200, body } : { status: 200, body, headers: { link } };
}

/** GET of one document. */
export const read: Endpoint = (ask) => {
  const collection = collectionOf(ask);
  return { status: 200, body: masked(collection, ask.account.find(collection, idOf(ask))) };
};

/** POST of a new document. */
export const add: Endpoint = (ask) => {
  const collection = collectionOf(ask);
  return { status: 201, body: masked(collection, create(ask.account, collection, ask.json())) };
};

/** PUT: replaces a document. */
export const put: Endpoint = (ask) => {
  const collection = collectionOf(ask);
  return { status: 200, body: masked(collection, replace(ask.account, collection, idOf(ask), ask.json())) };
};

/** PATCH: changes what may be patched. */
export const change: Endpoint = (ask) => {
  patch(ask.account, collectionOf(ask), idOf(ask), ask.json());
  return { status: 204 };
};

/** DELETE: also of what others use. */
export const takeAway: Endpoint = (ask) => {
  const collection = collectionOf(ask);
  const { _id } = ask.account.find(collection, idOf(ask));
  remove(ask.account, collection, _id);
  return { status: 204 };
};

/** The collection in the path: the router lets only collections through. */
export function collectionOf(ask: Ask): Collection {
  return ask.params['collection'] as Collection;
}

/** The id in the path. */
export function idOf(ask: Ask): string {
  return ask.params['id'] ?? '';
}

function withoutContent(script: Document): Document {
  const { content, ...rest } = script;
  return rest as Document;
}
