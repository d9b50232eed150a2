import { randomUUID } from 'node:crypto';
import { FlowferryError } from '../../core/model/problem.ts';
import { RESOURCE_TYPES } from '../../core/model/resource.ts';
import type { Intent, IntentBatch, Lease, Pair } from '../../core/ports.ts';
import { type Item, number, text } from './attributes.ts';
import { join, padded } from './keys.ts';
import { groupsOf, parallel } from './parallel.ts';
import { type Storage, startingWith } from './storage.ts';

/** Intents in one item: some 100 KB, well below what an item may hold. */
const PER_ITEM = 3_000;

function partition(pair: Pair, cloneId: string): string {
  return join('intent', pair.source, pair.target, cloneId);
}

/**
 * Writes a batch of intents: one conditional put for up to 3,000 of them. `sequence` counts the batches of a lease,
 * so that with the lease's epoch no key is ever written by two.
 */
export async function writeIntents(
  storage: Storage,
  lease: Lease,
  sequence: number,
  batch: IntentBatch,
  expiresAt: number,
): Promise<void> {
  const pk = partition(lease.pair, batch.cloneId);
  const groups = [...groupsOf(batch.intents, PER_ITEM).entries()];
  await parallel(groups, storage.concurrency, async ([part, intents]) => {
    const token = randomUUID();
    const item: Item = {
      pk,
      sk: join(padded(lease.epoch), padded(sequence), padded(part)),
      epoch: batch.epoch,
      serverTime: batch.serverTime,
      intents: intents.map(({ type, sourceId }) => `${type} ${sourceId}`).join('\n'),
      token,
      expiresAt,
    };
    if (await storage.putIf(item, { expression: 'attribute_not_exists(pk)' })) return;
    // Refused may mean that an earlier try of this very put succeeded and its answer got lost.
    const stored = await storage.get(item);
    if (stored && text(stored, 'token') === token) return;
    throw new FlowferryError(
      'lease_lost',
      'Another attempt of this clone has written intents under its epoch.',
    );
  });
}

/** All batches of a clone, oldest first, as they were intended. */
export async function readIntents(storage: Storage, pair: Pair, cloneId: string): Promise<IntentBatch[]> {
  const batches = new Map<string, IntentBatch>();
  const items = await storage.queryAll({ pk: partition(pair, cloneId), ...startingWith('') });
  for (const item of items) {
    const batchKey = item.sk.slice(0, item.sk.lastIndexOf('#'));
    const batch = batches.get(batchKey) ?? {
      cloneId,
      epoch: number(item, 'epoch'),
      serverTime: number(item, 'serverTime'),
      intents: [],
    };
    batches.set(batchKey, { ...batch, intents: [...batch.intents, ...parse(text(item, 'intents'))] });
  }
  return [...batches.values()];
}

function parse(intents: string): Intent[] {
  return intents.split('\n').flatMap((line) => {
    const [name, sourceId] = line.split(' ');
    const type = RESOURCE_TYPES.find((known) => known === name);
    return type && sourceId ? [{ type, sourceId }] : [];
  });
}
