import { type Account, stamp } from './account.ts';
import { RULES } from './collections/index.ts';
import type { Write } from './collections/rules.ts';
import { type Collection, type Document, type Fields, isNothing, isObject } from './documents.ts';
import { fail, Problems } from './errors.ts';
import { applyPatch } from './patch.ts';
import { checkReferences } from './references.ts';

/** Owned by the server in every collection; `_id` and the times are set on their own. */
const OWNED_EVERYWHERE = ['_id', 'createdAt', 'lastModified'];

/**
 * Creates a document from what a client sent: drops what the server owns, checks names, rules and references,
 * stamps defaults and stores it.
 * @throws {ApiError} 400 or 422 with everything that is wrong
 */
export function create(account: Account, collection: Collection, body: unknown): Document {
  const sent = objectOf(body);
  if (sent['sandbox'] === true) {
    throw fail(422, 'subscription_not_found', 'The account has no sandbox subscription.', 'sandbox');
  }
  const write: Write = { account, collection, document: stripped(collection, sent), existing: undefined };
  settle(write);
  const now = stamp();
  const document: Document = {
    _id: account.ids.next(Date.now()),
    ...write.document,
    createdAt: now,
    lastModified: now,
  };
  account.store(collection).put(document);
  return document;
}

/**
 * Puts another document in the place of one: what was left out is gone, what the server owns stays.
 * @throws {ApiError} 404, 400 or 422
 */
export function replace(account: Account, collection: Collection, id: string, body: unknown): Document {
  const existing = account.find(collection, id);
  const sent = objectOf(body);
  const document = stripped(collection, sent);
  delete document['sandbox'];
  for (const field of [...RULES[collection].owned, 'sandbox']) {
    if (existing[field] !== undefined) document[field] = existing[field];
  }
  const write: Write = { account, collection, document, existing };
  settle(write);
  return store(write, existing);
}

/**
 * Changes a document by a JSON Patch, as far as the collection lets a patch reach.
 * @throws {ApiError} 404, 400 or 422
 */
export function patch(account: Account, collection: Collection, id: string, body: unknown): Document {
  const existing = account.find(collection, id);
  const document: Fields = structuredClone(existing);
  applyPatch(document, body, RULES[collection].patchable);
  const { _id, createdAt, lastModified, ...rest } = document;
  const write: Write = { account, collection, document: rest, existing };
  settle(write);
  return store(write, existing);
}

/**
 * Takes a document away. Others may go on naming it: integrator.io is not known to refuse that. Only the
 * registrations of a connection end with it, since nobody else could end them.
 *
 * @returns whether there was one
 */
export function remove(account: Account, collection: Collection, id: string): boolean {
  if (!account.store(collection).delete(id)) return false;
  account.lookupData.delete(id);
  if (collection !== 'connections') return true;
  for (const integration of account.store('integrations').documents()) {
    const registered = integration['_registeredConnectionIds'];
    if (!Array.isArray(registered) || !registered.includes(id)) continue;
    integration['_registeredConnectionIds'] = registered.filter((it) => it !== id);
  }
  return true;
}

function store(write: Write, existing: Document): Document {
  const document: Document = {
    _id: existing._id,
    ...write.document,
    createdAt: existing['createdAt'] ?? stamp(),
    lastModified: stamp(existing['lastModified']),
  };
  write.account.store(write.collection).put(document);
  return document;
}

function settle(write: Write): void {
  const { account, collection, document } = write;
  const rules = RULES[collection];
  const problems = new Problems();
  rules.prepare?.(write);
  checkName(write, problems);
  rules.check?.(write, problems);
  checkReferences(collection, document, account.exists, rules.owned, problems);
  problems.throwIfAny();
  rules.finish?.(write);
}

function objectOf(body: unknown): Fields {
  if (isObject(body)) return body;
  throw fail(422, 'invalid_request', 'The body must be a JSON object.');
}

function stripped(collection: Collection, sent: Fields): Fields {
  const { owned, known } = RULES[collection];
  const document: Fields = {};
  for (const key of Object.keys(sent)) {
    if (key.startsWith('__') || owned.includes(key) || OWNED_EVERYWHERE.includes(key)) continue;
    if (known && !known.has(key)) continue;
    document[key] = sent[key];
  }
  return document;
}

function checkName({ collection, document, existing }: Write, problems: Problems): void {
  const rule = RULES[collection].name;
  if (!rule) return;
  const name = document['name'];
  if (isNothing(name)) {
    // integrator.io takes an empty name on a replacement, but not the lack of one.
    const excused = existing !== undefined && name === '';
    if (rule.required && !excused) {
      problems.add('missing_required_field', 'Path `name` is required.', 'name');
    }
  } else if (typeof name !== 'string') {
    problems.add('invalid_value', 'The name must be text.', 'name');
  } else if (name.length > rule.longest) {
    problems.add('invalid_value', `The name is longer than ${rule.longest} characters.`, 'name');
  }
}
