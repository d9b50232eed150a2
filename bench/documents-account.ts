import type { Document, ResourceType } from '../core/model/resource.ts';
import { collectionOf } from '../core/model/resource.ts';
import type { Account } from '../core/ports.ts';

/** An account over documents in memory: reads cost nothing, so that what is measured is the engine's own work. */
export function accountOver(name: string, documents: Readonly<Record<string, readonly Document[]>>): Account {
  const byId = new Map(
    Object.entries(documents).map(([collection, list]) => [
      collection,
      new Map(list.map((document) => [document._id, document])),
    ]),
  );
  const of = (type: ResourceType): ReadonlyMap<string, Document> => byId.get(collectionOf(type)) ?? new Map();
  let calls = 0;
  const refused = async (): Promise<never> => {
    throw new Error('This account can only be read.');
  };
  return {
    name,
    identity: async () => ({ key: `us:${name}`, region: 'us', userId: name }),
    get: async (type, id) => {
      calls += 1;
      return of(type).get(id);
    },
    list: async function* (type) {
      const all = [...of(type).values()];
      for (let from = 0; from < all.length; from += 1000) {
        calls += 1;
        yield all.slice(from, from + 1000);
      }
    },
    create: refused,
    replace: refused,
    patch: refused,
    remove: refused,
    registerConnections: refused,
    deregisterConnection: refused,
    run: refused,
    job: refused,
    ping: refused,
    hasDistributedPackage: async () => undefined,
    webhookUrl: () => '',
    serverTime: () => 0,
    requestTimeoutMs: 30_000,
    callsPerSecond: 285,
    burst: 950,
    stats: () => ({ calls, retries: 0, rateLimited: 0 }),
    unansweredMs: () => 0,
  };
}
