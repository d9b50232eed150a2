import type { RecordStore } from '../../adapters/records.ts';

const COLLECTION = 'announcements';

/** As long as a clone can be resumed by habit; a second telling after that is no second of the same. */
const KEPT_SECONDS = 90 * 86_400;

/**
 * Does something once for an id, however often it is asked to. The mark is set after the deed: a process that dies
 * between the two makes it happen again, never not at all.
 */
export async function once(records: RecordStore, id: string, deed: () => Promise<void>): Promise<void> {
  if ((await records.get(COLLECTION, id)) !== undefined) return;
  await deed();
  await records.put(COLLECTION, id, true, { ttlSeconds: KEPT_SECONDS });
}
