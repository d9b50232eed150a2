import { createHash, timingSafeEqual } from 'node:crypto';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { FlowferryError } from '../../core/model/problem.ts';
import type { Clock } from '../../core/ports.ts';
import { membersOf, parseSecret, readSecret } from './read.ts';
import { SecretCache } from './secret-cache.ts';

const isObject = (value: unknown) => typeof value === 'object' && value !== null;

const schema = z.strictObject({
  client: z.custom<SecretsManagerClient>(isObject, 'must be a SecretsManagerClient'),
  clock: z.custom<Clock>(isObject, 'must be a Clock'),
  /** How long the keys are used before they are read again, in ms: a key that was taken out works no longer. */
  ttlMs: z._default(z.number().check(z.gte(0)), 60_000),
  /** How far apart at least the reads are that unknown keys cause, in ms. */
  rereadMs: z._default(z.number().check(z.gte(0)), 5_000),
  secretId: z._default(z.string().check(z.minLength(1)), 'flowferry/api-keys'),
});

export type KeyStoreOptions = z.input<typeof schema>;

/** What a key stands for. */
export interface KnownKey {
  id: string;
  /** Account names it may name as source or target; `*` stands for all. */
  accounts: readonly string[];
  /** Whether it may write accounts, hooks' targets and syncs. */
  admin: boolean;
}

export interface Keys {
  /** What the key stands for; `undefined` for one that nobody was given. Throws `keys_unusable`, `secrets_unavailable`. */
  authenticate(key: string): Promise<KnownKey | undefined>;
  /**
   * What an identity stands for that somebody else has proven: the first of these ids that an entry without a
   * digest names. An entry with a digest is only let in by its key. Throws as `authenticate` does.
   */
  byId(ids: readonly string[]): Promise<KnownKey | undefined>;
}

interface Entry {
  /** `undefined`: not a key, but an identity that API Gateway's authorizer finds out. */
  digest: Buffer | undefined;
  key: KnownKey;
}

/** The API keys in Secrets Manager, known only by their SHA-256, and the identities that may stand in their place. */
export function createKeyStore(options: KeyStoreOptions): Keys {
  const { client, clock, ttlMs, rereadMs, secretId } = schema.parse(options);
  let readAt = Number.NEGATIVE_INFINITY;
  const entries = new SecretCache(read, { clock, ttlMs });

  async function read(): Promise<Entry[]> {
    readAt = clock.monotonic();
    const text = await readSecret(client, secretId);
    if (text === undefined) throw unusable('there is none');
    return parseKeys(text);
  }

  return {
    authenticate(key) {
      const digest = createHash('sha256').update(key).digest();
      return search((all) => findKey(all, digest));
    },
    byId: (ids) => search((all) => findIdentity(all, ids)),
  };

  async function search(
    find: (all: readonly Entry[]) => KnownKey | undefined,
  ): Promise<KnownKey | undefined> {
    const known = find(await entries.get(secretId));
    if (known) return known;
    // It may have been added since; but who guesses keys must not make us read at every guess.
    if (clock.monotonic() - readAt < rereadMs) return undefined;
    return find(await entries.refresh(secretId));
  }
}

/** Looks at every entry whatever it finds: how long it takes says nothing about the keys. */
function findKey(entries: readonly Entry[], digest: Buffer): KnownKey | undefined {
  let found: KnownKey | undefined;
  for (const entry of entries) {
    if (entry.digest !== undefined && timingSafeEqual(entry.digest, digest)) found = entry.key;
  }
  return found;
}

function findIdentity(entries: readonly Entry[], ids: readonly string[]): KnownKey | undefined {
  for (const id of ids) {
    const entry = entries.find(({ digest, key }) => digest === undefined && key.id === id);
    if (entry) return entry.key;
  }
  return undefined;
}

function unusable(why: string): FlowferryError {
  return new FlowferryError('keys_unusable', `The secret that holds the API keys can't be used: ${why}.`);
}

function parseKeys(text: string): Entry[] {
  const list = membersOf(parseSecret(text))?.get('keys');
  if (!Array.isArray(list)) throw unusable('it must be a JSON object with the list "keys"');
  return list.map((value: unknown, index) => {
    const entry = toEntry(membersOf(value));
    if (!entry)
      throw unusable(
        `its entry ${index} must have id, accounts and, for a key, sha256 (64 hexadecimal digits)`,
      );
    return entry;
  });
}

function toEntry(members: Map<string, unknown> | undefined): Entry | undefined {
  const id = members?.get('id');
  const sha256 = members?.get('sha256');
  const accounts = members?.get('accounts');
  const admin = members?.get('admin') ?? false;
  if (typeof id !== 'string' || id === '' || typeof admin !== 'boolean') return undefined;
  if (!Array.isArray(accounts) || !accounts.every((account) => typeof account === 'string')) return undefined;
  if (sha256 === undefined) return { digest: undefined, key: { id, accounts, admin } };
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/i.test(sha256)) return undefined;
  return { digest: Buffer.from(sha256, 'hex'), key: { id, accounts, admin } };
}
