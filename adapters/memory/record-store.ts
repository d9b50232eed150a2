import type { Clock } from '../../core/ports.ts';
import type { RecordStore, StoredRecord } from '../records.ts';

interface Stored {
  json: string;
  version: string;
  expiresAt: number;
}

/** Small records in memory. */
export function createMemoryRecordStore({ clock }: { clock: Clock }): RecordStore {
  const collections = new Map<string, Map<string, Stored>>();
  let writes = 0;

  function collectionOf(name: string): Map<string, Stored> {
    const collection = collections.get(name) ?? new Map<string, Stored>();
    collections.set(name, collection);
    return collection;
  }

  function find(collection: string, id: string): Stored | undefined {
    if (id.includes('#')) throw new TypeError(`The id of a record must not contain "#": ${id}`);
    const stored = collectionOf(collection).get(id);
    return stored && stored.expiresAt > clock.now() ? stored : undefined;
  }

  const toRecord = <T>(id: string, { json, version }: Stored): StoredRecord<T> => ({
    id,
    value: JSON.parse(json) as T,
    version,
  });

  return {
    async get<T>(collection: string, id: string) {
      const stored = find(collection, id);
      return stored && toRecord<T>(id, stored);
    },

    async put(collection, id, value, { ttlSeconds, ifVersion } = {}) {
      const stored = find(collection, id);
      if (ifVersion !== undefined && ifVersion !== (stored?.version ?? 'absent')) return undefined;
      const version = String(++writes);
      const expiresAt = ttlSeconds === undefined ? Infinity : clock.now() + ttlSeconds * 1000;
      collectionOf(collection).set(id, { json: JSON.stringify(value), version, expiresAt });
      return version;
    },

    async remove(collection, id, { ifVersion } = {}) {
      const stored = find(collection, id);
      if (!stored || (ifVersion !== undefined && ifVersion !== stored.version)) return false;
      return collectionOf(collection).delete(id);
    },

    async list<T>(
      collection: string,
      { prefix = '', limit, cursor, descending = false }: Parameters<RecordStore['list']>[1],
    ) {
      const sign = descending ? -1 : 1;
      const compare = (one: string, other: string) => (one < other ? -sign : one > other ? sign : 0);
      const behind = [...collectionOf(collection).keys()]
        .filter((id) => id.startsWith(prefix) && find(collection, id))
        .filter((id) => cursor === undefined || compare(id, cursor) > 0)
        .sort(compare);
      const records = behind.slice(0, limit).flatMap((id) => {
        const stored = find(collection, id);
        return stored ? [toRecord<T>(id, stored)] : [];
      });
      return { records, next: behind.length > limit ? (records.at(-1)?.id ?? null) : null };
    },
  };
}
