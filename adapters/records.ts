/** A record with the version that a conditional write names. */
export interface StoredRecord<T> {
  id: string;
  value: T;
  version: string;
}

/**
 * Small JSON records in named collections: syncs and their runs, webhook deliveries, buckets, rate leases.
 * Within a collection, records are ordered by id; ids must not contain `#`.
 */
export interface RecordStore {
  get<T>(collection: string, id: string): Promise<StoredRecord<T> | undefined>;
  /**
   * Writes a record and answers its new version. With `ifVersion` it is written only where the stored version is
   * that one, or where there is none (`'absent'`); otherwise the answer is `undefined` and nothing was written.
   * A record with `ttlSeconds` counts as absent after them.
   */
  put(
    collection: string,
    id: string,
    value: unknown,
    options?: { ttlSeconds?: number | undefined; ifVersion?: string | undefined },
  ): Promise<string | undefined>;
  /** `false` when there was no such record, or not in that version. */
  remove(collection: string, id: string, options?: { ifVersion?: string | undefined }): Promise<boolean>;
  /** One page of the records whose id begins with `prefix`, ordered by id. */
  list<T>(
    collection: string,
    page: {
      prefix?: string | undefined;
      limit: number;
      cursor?: string | undefined;
      descending?: boolean | undefined;
    },
  ): Promise<{ records: StoredRecord<T>[]; next: string | null }>;
}
