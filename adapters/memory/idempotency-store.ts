import type { Clock, IdempotencyStore } from '../../core/ports.ts';

/** Idempotency keys in memory. */
export function createMemoryIdempotencyStore({ clock }: { clock: Clock }): IdempotencyStore {
  const bindings = new Map<string, { cloneId: string; bodyHash: string; expiresAt: number }>();
  const nameOf = (keyId: string, key: string) => JSON.stringify([keyId, key]);

  return {
    async bind({ keyId, key, bodyHash, cloneId, ttlSeconds }) {
      const name = nameOf(keyId, key);
      const stored = bindings.get(name);
      if (stored && stored.expiresAt > clock.now()) {
        return { bound: stored.cloneId === cloneId, cloneId: stored.cloneId, bodyHash: stored.bodyHash };
      }
      bindings.set(name, { cloneId, bodyHash, expiresAt: clock.now() + ttlSeconds * 1000 });
      return { bound: true, cloneId, bodyHash };
    },

    async release({ keyId, key, cloneId }) {
      const name = nameOf(keyId, key);
      if (bindings.get(name)?.cloneId === cloneId) bindings.delete(name);
    },
  };
}
