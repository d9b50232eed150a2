import { randomUUID } from 'node:crypto';
import type { RecordStore, StoredRecord } from '../records.ts';
import { type Item, type Key, text } from './attributes.ts';
import { fromBlob, readBlob, staleParts, toBlob } from './blob.ts';
import { fromCursor, toCursor } from './cursor.ts';
import { absent, expiryAfter, isExpired } from './expiry.ts';
import { join } from './keys.ts';
import { checkStorageOptions, type StorageOptions } from './options.ts';
import { parallel } from './parallel.ts';
import { createStorage, startingWith } from './storage.ts';

function keyOf(collection: string, id: string): Key {
  // The parts of a large value stand behind `#`.
  if (id.includes('#')) throw new TypeError(`The id of a record must not contain "#": ${id}`);
  return { pk: join('records', collection), sk: `id#${id}` };
}

/** Small records in DynamoDB. Versions are random: no two writes of a record have the same. */
export function createRecordStore(options: StorageOptions): RecordStore {
  const storage = createStorage(checkStorageOptions(options));
  const { clock, concurrency } = storage;

  async function toStored<T>(item: Item | undefined): Promise<StoredRecord<T> | undefined> {
    if (!item || isExpired(item, clock.now())) return undefined;
    const value = (await fromBlob(storage, item)) ?? (await readBlob(storage, item));
    if (value === undefined) return undefined;
    return { id: item.sk.slice('id#'.length), value: value as T, version: text(item, 'token') };
  }

  function conditionOf(ifVersion: string | 'absent') {
    return ifVersion === 'absent'
      ? absent(clock.now())
      : {
          expression: '#token = :token AND (attribute_not_exists(expiresAt) OR expiresAt > :nowSeconds)',
          names: { '#token': 'token' },
          values: { ':token': ifVersion, ':nowSeconds': clock.now() / 1000 },
        };
  }

  return {
    async get<T>(collection: string, id: string) {
      return toStored<T>(await storage.get(keyOf(collection, id)));
    },

    async put(collection, id, value, { ttlSeconds, ifVersion } = {}) {
      const key = keyOf(collection, id);
      const token = randomUUID();
      const expiresAt = ttlSeconds === undefined ? undefined : expiryAfter(clock.now(), ttlSeconds);
      const { head, parts } = await toBlob(key, value);
      await storage.batchWrite(parts.map((part) => ({ put: { ...part, expiresAt } })));
      const item = { ...key, ...head, token, expiresAt };
      if (ifVersion === undefined) await storage.put(item);
      else if (!(await storage.putIf(item, conditionOf(ifVersion)))) {
        // Refused may mean that an earlier try of this very put succeeded and its answer got lost.
        const stored = await storage.get(key);
        if (!stored || text(stored, 'token') !== token) return undefined;
      }
      if (parts.length > 0) await storage.batchWrite(await staleParts(storage, key, head.version));
      return token;
    },

    async remove(collection, id, { ifVersion } = {}) {
      const key = keyOf(collection, id);
      if (ifVersion !== undefined) return storage.removeIf(key, conditionOf(ifVersion));
      const stored = await storage.get(key);
      await storage.batchWrite([...(await staleParts(storage, key, undefined)), { remove: key }]);
      return stored !== undefined && !isExpired(stored, clock.now());
    },

    async list<T>(
      collection: string,
      { prefix = '', limit, cursor, descending = false }: Parameters<RecordStore['list']>[1],
    ) {
      const { pk } = keyOf(collection, '');
      const range = startingWith(`id#${prefix}`);
      const records: StoredRecord<T>[] = [];
      let after = cursor === undefined ? undefined : { pk, sk: fromCursor(cursor, `id#${prefix}`) };
      // One more than wanted tells whether there is a next page.
      while (records.length <= limit) {
        const page = await storage.queryPage({ pk, ...range, limit: limit + 1, descending, after });
        const heads = page.items.filter((item) => item['token'] !== undefined);
        const stored = await parallel(heads, concurrency, (item) => toStored<T>(item));
        records.push(...stored.flatMap((record) => record ?? []));
        after = page.next;
        if (!after) break;
      }
      const shown = records.slice(0, limit);
      const last = shown.at(-1);
      return { records: shown, next: records.length > limit && last ? toCursor(`id#${last.id}`) : null };
    },
  };
}
