import * as z from 'zod/mini';
import { TAKE_OVER_MS } from '../../core/model/lease.ts';
import type { JsonObject } from '../../core/model/resource.ts';
import type { Lease, Ledger, Outcome, Pair } from '../../core/ports.ts';
import { type Item, type Key, text } from './attributes.ts';
import { fromBlob, partRange, readBlob, staleParts, toBlob } from './blob.ts';
import { DAY_SECONDS, expiryAfter } from './expiry.ts';
import { readIntents, writeIntents } from './intents.ts';
import { ALL_SHARDS, join, ledgerPartition, ownerPartition, shardOf } from './keys.ts';
import { acquireLease } from './lease.ts';
import { documentKey, newestBySource, ownerKey, rowKey, toRow, toRowItem } from './ledger-rows.ts';
import { storageOptions } from './options.ts';
import { groupsOf, parallel } from './parallel.ts';
import { skipScan } from './skip-scan.ts';
import { createStorage, startingWith, type Write } from './storage.ts';

const days = z.number().check(z.gt(0));

const ledgerOptions = z.strictObject({
  ...storageOptions,
  leaseMs: z._default(z.number().check(z.gt(0)), 120_000),
  clockSkewMs: z._default(z.number().check(z.gte(0)), 30_000),
  takeOverMs: z._default(z.number().check(z.gte(0)), TAKE_OVER_MS),
  /** Days that intents are kept; a clone can be resumed safely for that long. */
  intentRetentionDays: z._default(days, 400),
  /** Days that documents last applied are kept after they were written; for ever when left out. */
  documentRetentionDays: z.optional(days),
});

export type LedgerOptions = z.input<typeof ledgerOptions>;

/**
 * The ledger in DynamoDB.
 *
 * Rows are only ever added or renewed under keys that name source and target object, and exclusion lives in the
 * lease; hence rows can be written in batches, which know no conditions, and repeating a batch changes nothing.
 */
export function createLedger(options: LedgerOptions): Ledger {
  const settings = ledgerOptions.parse(options);
  const { client, tableName, clock, retryForMs, concurrency, intentRetentionDays, documentRetentionDays } =
    settings;
  const storage = createStorage({ client, tableName, clock, retryForMs, concurrency });
  /** Batches written under each lease so far. */
  const sequences = new WeakMap<Lease, number>();
  /** Leases under which the pair was listed already. */
  const listed = new WeakMap<Lease, Promise<void>>();

  const expiryIn = (retentionDays: number) => expiryAfter(clock.now(), retentionDays * DAY_SECONDS);

  /** Pairs that are known to be listed; they stay so. */
  const knownPairs = new Set<string>();

  /** Whether the pair may have rows: it is listed before its first is written. */
  async function mayHaveRows(pair: Pair): Promise<boolean> {
    const key = listingKey(pair, pair.target);
    if (!knownPairs.has(key.sk) && (await storage.get(key))) knownPairs.add(key.sk);
    return knownPairs.has(key.sk);
  }

  /** Lists the pair from both of its accounts, once a lease. */
  async function beListed(lease: Lease): Promise<void> {
    const listing = listed.get(lease) ?? storage.batchWrite(listings(lease.pair));
    listed.set(lease, listing);
    // What failed is tried again by the next who needs it.
    await listing.catch((error: unknown) => {
      listed.delete(lease);
      throw error;
    });
  }

  /** The newest item of each source id. */
  async function newest(pair: Pair, sourceIds: readonly string[]): Promise<Map<string, Item>> {
    if (sourceIds.length === 0 || !(await mayHaveRows(pair))) return new Map();
    const shards = [...Map.groupBy(new Set(sourceIds), shardOf)];
    const found = await parallel(shards, concurrency, ([shard, ids]) =>
      skipScan(storage, ledgerPartition(pair, shard), 'row', ids, (item) => text(item, 'sourceId')),
    );
    return newestBySource(found.flat());
  }

  async function hasRows(pair: Pair): Promise<boolean> {
    for (const shard of ALL_SHARDS) {
      const input = { pk: ledgerPartition(pair, shard), ...startingWith('row#'), limit: 1, attributes: [] };
      if ((await storage.queryPage(input)).items.length > 0) return true;
    }
    return false;
  }

  /** What an outcome is stored as. */
  async function writesOf(
    lease: Lease,
    outcome: Outcome,
  ): Promise<{ parts: Item[]; document: Item[]; row: Item; owner: Item }> {
    const { applied, ...rest } = outcome;
    const row = toRowItem(lease.pair, rest, lease.epoch);
    const owner = { ...ownerKey(lease.pair, rest), targetId: rest.targetId };
    if (applied === undefined) return { parts: [], document: [], row, owner };
    const key = documentKey(lease.pair, rest);
    const blob = await toBlob(key, applied);
    const expiresAt = documentRetentionDays === undefined ? undefined : expiryIn(documentRetentionDays);
    const document = { ...key, sourceId: rest.sourceId, ...blob.head, expiresAt };
    return { parts: blob.parts.map((part) => ({ ...part, expiresAt })), document: [document], row, owner };
  }

  return {
    async rows(pair, sourceIds) {
      const items = await newest(pair, sourceIds);
      return new Map([...items].map(([sourceId, item]) => [sourceId, toRow(item)]));
    },

    async *allRows(pair) {
      for (const shard of ALL_SHARDS) {
        const input = { pk: ledgerPartition(pair, shard), ...startingWith('row#') };
        for await (const items of storage.queryPages(input)) yield items.map(toRow);
      }
    },

    async applied(pair, sourceIds) {
      const rows = [...(await newest(pair, sourceIds)).values()].map(toRow);
      const documents = new Map<string, JsonObject>();
      // A hundred at a time, the most of one request, so that few compressed documents are held at once.
      await parallel(groupsOf(rows, 100), concurrency, async (group) => {
        for (const head of await storage.batchGet(group.map((row) => documentKey(pair, row)))) {
          const document = (await fromBlob(storage, head)) ?? (await readBlob(storage, head));
          if (isObject(document)) documents.set(text(head, 'sourceId'), document);
        }
      });
      return documents;
    },

    async owned(pair, targetIds) {
      const shards = [...Map.groupBy(new Set(targetIds), shardOf)];
      const targetOf = (item: Item) => text(item, 'targetId');
      const found = await parallel(shards, concurrency, ([shard, ids]) =>
        skipScan(storage, ownerPartition(pair.target, shard), 'own', ids, targetOf),
      );
      return new Set(found.flat().map(targetOf));
    },

    async pairsOf(accountKey) {
      const items = await storage.queryAll({ pk: join('pairs', accountKey), ...startingWith('') });
      const pairs = items.map((item) => ({ source: text(item, 'source'), target: text(item, 'target') }));
      const holds = await parallel(pairs, concurrency, hasRows);
      return pairs.filter((_, index) => holds[index]);
    },

    acquire: (pair, cloneId) => acquireLease(storage, settings, pair, cloneId),

    async intend(lease, batch) {
      if (batch.intents.length === 0) return;
      const sequence = sequences.get(lease) ?? 0;
      sequences.set(lease, sequence + 1);
      // What is intended will be recorded: the pair is listed by then, and the first row need not wait for it.
      await Promise.all([
        writeIntents(storage, lease, sequence, batch, expiryIn(intentRetentionDays)),
        beListed(lease),
      ]);
    },

    intents: (pair, cloneId) => readIntents(storage, pair, cloneId),

    async record(lease, outcomes) {
      if (outcomes.length === 0) return;
      await beListed(lease);
      const writes = await Promise.all(outcomes.map((outcome) => writesOf(lease, outcome)));
      const put = (item: Item): Write => ({ put: item });
      await storage.batchWrite(writes.flatMap(({ parts }) => parts.map(put)));
      // In this order whatever a kill leaves is safe: no row is without its document, and no copy counts as owned
      // before its row says by what; it would not be known again, and made twice.
      await storage.batchWrite(writes.flatMap(({ document }) => document.map(put)));
      await storage.batchWrite(writes.map(({ row }) => put(row)));
      await storage.batchWrite(writes.map(({ owner }) => put(owner)));
      // Only documents in parts leave earlier parts behind.
      const large = writes.flatMap(({ document }) => document.filter((item) => item['parts'] !== undefined));
      await parallel(large, concurrency, async (head) => {
        await storage.batchWrite(await staleParts(storage, head, text(head, 'version')));
      });
    },

    async forget({ pair }, rows) {
      await parallel(groupsOf(rows, 100), concurrency, async (group) => {
        const removals = group.flatMap((row) => [
          rowKey(pair, row),
          documentKey(pair, row),
          ownerKey(pair, row),
        ]);
        const parts = await parallel(group, concurrency, (row) =>
          storage.queryAll({ ...partRange(documentKey(pair, row)), attributes: [] }),
        );
        await storage.batchWrite([...parts.flat(), ...removals].map((remove) => ({ remove })));
      });
    },
  };
}

function listingKey(pair: Pair, account: string): Key {
  return { pk: join('pairs', account), sk: join(pair.source, pair.target) };
}

/** Items by which a pair is found from either of its accounts. */
function listings(pair: Pair): Write[] {
  return [pair.source, pair.target].map((account) => ({ put: { ...listingKey(pair, account), ...pair } }));
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
