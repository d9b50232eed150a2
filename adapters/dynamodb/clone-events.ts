import type { ActionEvent } from '../../core/ports.ts';
import { fromBlob, toBlob } from './blob.ts';
import { join, padded } from './keys.ts';
import { groupsOf, parallel } from './parallel.ts';
import { type Storage, startingWith } from './storage.ts';

/** Events in one item: compressed some 50 KB, so that an item always holds them. */
const PER_ITEM = 5_000;

/**
 * Adds events under attempt and sequence, which order them. Appending the same sequence again replaces it: a step
 * that is done again writes its events once.
 */
export async function appendEvents(
  storage: Storage,
  pk: string,
  attempt: number,
  sequence: number,
  events: readonly ActionEvent[],
): Promise<void> {
  const groups = [...groupsOf(events, PER_ITEM).entries()];
  const items = await parallel(groups, storage.concurrency, async ([index, group]) => {
    const key = { pk, sk: join('ev', padded(attempt), padded(sequence), padded(index)) };
    const { head } = await toBlob(key, group);
    return { ...key, ...head };
  });
  await storage.batchWrite(items.map((put) => ({ put })));
}

/** All events of a clone, in order. */
export async function readEvents(storage: Storage, pk: string): Promise<ActionEvent[]> {
  const items = await storage.queryAll({ pk, ...startingWith('ev#') });
  const groups = await parallel(items, storage.concurrency, (item) => fromBlob(storage, item));
  return groups.flatMap((group) => group as ActionEvent[]);
}
