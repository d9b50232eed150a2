import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import type { Clock } from '../../core/ports.ts';
import { type Hook, parseHook } from '../webhooks/index.ts';
import { parseSecret, readSecret } from './read.ts';
import { SecretCache } from './secret-cache.ts';

const isObject = (value: unknown) => typeof value === 'object' && value !== null;

const schema = z.strictObject({
  client: z.custom<SecretsManagerClient>(isObject, 'must be a SecretsManagerClient'),
  clock: z.custom<Clock>(isObject, 'must be a Clock'),
  /** How long a hook is used before it is read again, in ms. */
  ttlMs: z._default(z.number().check(z.gte(0)), 60_000),
  /** What stands before a hook's name in its secret's. */
  prefix: z._default(z.string(), 'flowferry/hooks/'),
});

export type HookStoreOptions = z.input<typeof schema>;

export interface HookStore {
  /** The hook of this name; `undefined`: none. Throws `hook_unusable`, `secrets_unavailable`. */
  get(name: string): Promise<Hook | undefined>;
}

/** What a hook may be called: as accounts are. */
const HOOK_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** The webhooks' definitions in Secrets Manager, one secret each. */
export function createHookStore(options: HookStoreOptions): HookStore {
  const { client, clock, ttlMs, prefix } = schema.parse(options);
  const hooks = new SecretCache(read, { clock, ttlMs });

  async function read(name: string): Promise<Hook | undefined> {
    const text = await readSecret(client, prefix + name);
    return text === undefined ? undefined : parseHook(name, parseSecret(text));
  }

  return {
    async get(name) {
      if (!HOOK_NAME.test(name)) return undefined;
      const hook = await hooks.get(name);
      // A name that was tried before its hook was made must not stay unknown; nor may guessed names fill the cache.
      if (hook === undefined) hooks.drop(name);
      return hook;
    },
  };
}
