import { FlowferryError } from '../../core/model/problem.ts';
import type { IdempotencyStore } from '../../core/ports.ts';
import { text } from './attributes.ts';
import { absent, expiryAfter, isExpired } from './expiry.ts';
import { join } from './keys.ts';
import { checkStorageOptions, type StorageOptions } from './options.ts';
import { createStorage } from './storage.ts';

/** How often a binding is tried again that was released between the refusal and the look at it. */
const TRIES = 5;

/** Idempotency keys in DynamoDB: one conditional put decides, so that of simultaneous calls one binds. */
export function createIdempotencyStore(options: StorageOptions): IdempotencyStore {
  const storage = createStorage(checkStorageOptions(options));
  const { clock } = storage;
  const keyOf = (keyId: string, key: string) => ({ pk: join('idempotency', keyId), sk: join('key', key) });

  return {
    async bind({ keyId, key, bodyHash, cloneId, ttlSeconds }) {
      const at = keyOf(keyId, key);
      for (let attempt = 1; attempt <= TRIES; attempt++) {
        const now = clock.now();
        const item = { ...at, bodyHash, cloneId, expiresAt: expiryAfter(now, ttlSeconds) };
        if (await storage.putIf(item, absent(now))) return { bound: true, cloneId, bodyHash };
        const stored = await storage.get(at);
        if (!stored || isExpired(stored, clock.now())) continue;
        // Our own clone's id: an earlier try of this put succeeded, and its answer got lost.
        const bound = text(stored, 'cloneId') === cloneId;
        return { bound, cloneId: text(stored, 'cloneId'), bodyHash: text(stored, 'bodyHash') };
      }
      throw new FlowferryError(
        'storage_unavailable',
        'The idempotency key could not be bound: it keeps changing.',
      );
    },

    async release({ keyId, key, cloneId }) {
      await storage.removeIf(keyOf(keyId, key), {
        expression: 'cloneId = :cloneId',
        values: { ':cloneId': cloneId },
      });
    },
  };
}
