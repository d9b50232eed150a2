import { Bucket, type BucketOptions } from './bucket.ts';
import { COLLECTIONS, type Collection, type Document } from './documents.ts';
import { fail } from './errors.ts';
import { isObjectId, ObjectIds } from './ids.ts';
import type { Job } from './jobs.ts';
import { Store } from './store.ts';
import type { SandboxAccount } from './types.ts';

/** The name of the integration that takes the flows which belong to none. */
export const STANDALONE = 'Standalone flows';

/** One account: its documents, its jobs, its rate limit. Knows nothing of HTTP. */
export class Account {
  readonly name: string;
  readonly userId: string;
  token: string | undefined;
  readonly bucket: Bucket | undefined;
  readonly ids = new ObjectIds();
  readonly jobs = new Map<string, Job>();
  /** Keys and values of the lookup caches, by the cache's id. */
  readonly lookupData = new Map<string, Map<string, unknown>>();
  readonly #stores: Record<Collection, Store>;
  readonly #globalIClientIds: ReadonlySet<string>;

  constructor(
    account: SandboxAccount,
    bucket: BucketOptions | 'unlimited',
    globalIClientIds: ReadonlySet<string>,
  ) {
    this.name = account.name;
    this.userId = account.userId;
    this.token = account.token;
    this.bucket = bucket === 'unlimited' ? undefined : new Bucket(bucket, performance.now());
    this.#globalIClientIds = globalIClientIds;
    this.#stores = Object.fromEntries(COLLECTIONS.map((name) => [name, new Store()])) as Record<
      Collection,
      Store
    >;
    this.load(account.documents ?? {});
  }

  store(collection: Collection): Store {
    return this.#stores[collection];
  }

  /** Puts copies of the documents in as they are. */
  load(documents: Partial<Record<Collection, Document[]>>): void {
    for (const [collection, list] of Object.entries(documents)) {
      const store = this.#stores[collection as Collection];
      if (!store) throw new TypeError(`there is no collection ${collection}`);
      for (const document of list) {
        if (!isObjectId(document._id))
          throw new TypeError(`${collection}: not an object id: ${document._id}`);
        store.put(structuredClone(document));
      }
    }
  }

  /** Whether a reference to this id resolves. iClients of integrator.io itself resolve in every account. */
  exists = (collection: Collection, id: string): boolean =>
    this.#stores[collection].has(id) || (collection === 'iclients' && this.#globalIClientIds.has(id));

  /** @throws {ApiError} 404 when there is none */
  find(collection: Collection, id: string): Document {
    const document = this.#stores[collection].get(id);
    if (!document) throw fail(404, 'resource_not_found', `No such resource: ${collection}/${id}`);
    return document;
  }

  standaloneFlowsId(): string | undefined {
    for (const integration of this.#stores.integrations.documents()) {
      if (integration['name'] === STANDALONE) return integration._id;
    }
    return undefined;
  }
}

/** The time of a write: now, and later than any time of the same document before. */
export function stamp(previous?: unknown): string {
  const now = Date.now();
  const before = typeof previous === 'string' ? Date.parse(previous) : Number.NaN;
  return new Date(before >= now ? before + 1 : now).toISOString();
}
