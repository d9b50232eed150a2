import { type Collection, type Document, type Fields, isObject } from './documents.ts';

/** What integrator.io shows in the place of a secret. */
export const MASK = '******';

/** Names under which a connection, an iClient, a stack or an agent keeps a secret. */
const SECRET_NAMES: ReadonlySet<string> = new Set([
  'password',
  'passphrase',
  'token',
  'refreshToken',
  'accessToken',
  'bearerToken',
  'tokenId',
  'tokenSecret',
  'clientSecret',
  'consumerSecret',
  'secretAccessKey',
  'privateKey',
  'authKey',
  'pgpDecryptKey',
  'pgpPassphrase',
  'sessionToken',
  'systemToken',
  'apiKey',
  'encryptionKey',
  'decryptionKey',
  'signingKey',
  'secret',
  'secretKey',
]);

/** Everything below these is secret, whatever its name. */
const SECRET_TREES: ReadonlySet<string> = new Set(['encrypted', 'clientCertificates']);

/** Taken on a write and never shown again. */
const WRITE_ONLY: ReadonlySet<string> = new Set(['ssl']);

/** Parts of a connection that hold no secrets of its own. */
const OPEN_PARTS: ReadonlySet<string> = new Set(['settings', 'settingsForm', 'preSave', 'microServices']);

const WITH_SECRETS: ReadonlySet<Collection> = new Set(['connections', 'iclients', 'stacks', 'agents']);

type Visit = (holder: Fields, key: string, value: string) => void;

/** Calls `visit` for every secret of a document that is not empty. */
export function walkSecrets(collection: Collection, document: Fields, visit: Visit): void {
  if (collection === 'exports') {
    const webhook = document['webhook'];
    // The token is part of the webhook's own URL, and so readable; what verifies a sender is not.
    if (isObject(webhook)) for (const key of ['key', 'password']) at(webhook, key, visit);
  }
  if (!WITH_SECRETS.has(collection)) return;
  for (const key of Object.keys(document)) {
    if (OPEN_PARTS.has(key)) continue;
    if (SECRET_NAMES.has(key)) at(document, key, visit);
    walk(document[key], false, visit);
  }
}

/** A copy of the document as a reader may see it. Documents without secrets are given back as they are. */
export function masked(collection: Collection, document: Document): Document {
  if (!WITH_SECRETS.has(collection) && !(collection === 'exports' && isObject(document['webhook']))) {
    return document;
  }
  const copy = structuredClone(document);
  if (collection === 'connections') dropWriteOnly(copy);
  walkSecrets(collection, copy, (holder, key) => {
    holder[key] = MASK;
  });
  return copy;
}

/** Tells whether a document has at least one secret that is more than a mask. */
export function hasCredentials(collection: Collection, document: Fields): boolean {
  let any = false;
  walkSecrets(collection, document, (_holder, _key, value) => {
    if (value !== MASK) any = true;
  });
  return any;
}

/**
 * Puts the stored secrets back where a write brought masks. So it is for iClients and exports;
 * a connection's secret is overwritten by the mask, which is the trap of this API.
 */
export function keepMasked(collection: Collection, sent: Fields, stored: Fields): void {
  const kept = new Map<string, string>();
  collect(collection, stored, (path, value) => kept.set(path, value));
  collect(collection, sent, (path, value, holder, key) => {
    const before = kept.get(path);
    if (value === MASK && before !== undefined) holder[key] = before;
  });
}

function collect(
  collection: Collection,
  document: Fields,
  visit: (path: string, value: string, holder: Fields, key: string) => void,
): void {
  const paths = new Map<unknown, string>();
  const name = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    paths.set(node, path);
    for (const [key, value] of Object.entries(node)) name(value, `${path}/${key}`);
  };
  name(document, '');
  walkSecrets(collection, document, (holder, key, value) => {
    visit(`${paths.get(holder)}/${key}`, value, holder, key);
  });
}

function walk(node: unknown, secret: boolean, visit: Visit): void {
  if (Array.isArray(node)) {
    for (const item of node) walk(item, secret, visit);
    return;
  }
  if (!isObject(node)) return;
  for (const key of Object.keys(node)) {
    const value = node[key];
    if (typeof value === 'string') {
      if (secret || SECRET_NAMES.has(key)) at(node, key, visit);
    } else walk(value, secret || SECRET_TREES.has(key), visit);
  }
}

function at(holder: Fields, key: string, visit: Visit): void {
  const value = holder[key];
  if (typeof value === 'string' && value !== '') visit(holder, key, value);
}

function dropWriteOnly(node: unknown): void {
  if (Array.isArray(node)) {
    for (const item of node) dropWriteOnly(item);
    return;
  }
  if (!isObject(node)) return;
  for (const key of Object.keys(node)) {
    if (OPEN_PARTS.has(key)) continue;
    if (WRITE_ONLY.has(key)) delete node[key];
    else dropWriteOnly(node[key]);
  }
}
