import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { isFinal } from '../../core/model/clone.ts';
import { superseded } from '../../core/model/lease.ts';
import { FlowferryError } from '../../core/model/problem.ts';
import type { CloneRecord, CloneStore } from '../../core/ports.ts';
import { type Item, type Key, text } from './attributes.ts';
import { fromBlob, readBlob, staleParts, toBlob } from './blob.ts';
import { appendEvents, readEvents } from './clone-events.ts';
import { fromCursor, toCursor } from './cursor.ts';
import { absent, DAY_SECONDS, expiryAfter, isExpired } from './expiry.ts';
import { clonePartition, join } from './keys.ts';
import { storageOptions } from './options.ts';
import { parallel } from './parallel.ts';
import { type Condition, createStorage, startingWith } from './storage.ts';
import { tableDefinition } from './table.ts';

const cloneStoreOptions = z.strictObject({
  ...storageOptions,
  /** Days that a clone is kept after it ended, with its plan, before-images and report. */
  cloneRetentionDays: z._default(z.number().check(z.gt(0)), 90),
});

export type CloneStoreOptions = z.input<typeof cloneStoreOptions>;

const EXISTS = { expression: 'attribute_exists(pk)' };

const recordKey = (cloneId: string): Key => ({ pk: clonePartition(cloneId), sk: 'record' });
const partKey = (cloneId: string, name: string): Key => ({
  pk: clonePartition(cloneId),
  sk: join('part', name),
});

/** The item by which a clone is found from its target account; in the order of creation. */
function listingKey(record: CloneRecord): Key {
  return {
    pk: join('clones', record.state.target.account),
    sk: join('at', record.createdAt, record.cloneId),
  };
}

function notFound(cloneId: string): FlowferryError {
  return new FlowferryError('clone_not_found', `There is no clone ${cloneId}.`);
}

/** Clones in DynamoDB: a record, its parts and its events in one partition, and a listing by target account. */
export function createCloneStore(options: CloneStoreOptions): CloneStore {
  const { cloneRetentionDays, ...settings } = cloneStoreOptions.parse(options);
  const storage = createStorage(settings);
  const { clock, concurrency } = storage;

  /** Attributes that change whenever a record is saved; the wish is not among them. */
  async function attributesOf(record: CloneRecord) {
    const { wish: _, ...rest } = record;
    const key = recordKey(record.cloneId);
    const { head, parts } = await toBlob(key, rest);
    await storage.batchWrite(parts.map((put) => ({ put })));
    const unfinished = record.status === 'running' || record.status === 'waiting';
    const ended = isFinal(record.status);
    return {
      status: record.status,
      attempt: record.attempt,
      zip: head.zip,
      version: head.version,
      parts: head.parts,
      upk: unfinished ? tableDefinition.index.name : undefined,
      usk: unfinished ? record.createdAt : undefined,
      expiresAt: ended ? expiryAfter(clock.now(), cloneRetentionDays * DAY_SECONDS) : undefined,
    };
  }

  async function toRecord(item: Item | undefined): Promise<CloneRecord | undefined> {
    if (!item || isExpired(item, clock.now())) return undefined;
    const stored = (await fromBlob(storage, item)) ?? (await readBlob(storage, item));
    if (stored === undefined) return undefined;
    const record = stored as CloneRecord;
    const wish = text(item, 'wish');
    return wish === 'cancel' || wish === 'rollback' ? { ...record, wish } : record;
  }

  /** Everything of a clone but its record. */
  async function companions(record: CloneRecord): Promise<Item[]> {
    const { pk, sk } = recordKey(record.cloneId);
    const items = await storage.queryAll({ pk, ...startingWith(''), attributes: ['expiresAt'] });
    return [...items.filter((item) => item.sk !== sk), listingKey(record)];
  }

  /** Lets all that belongs to a clone expire with its record, or no longer. */
  async function expireCompanions(record: CloneRecord, expiresAt: number | undefined): Promise<void> {
    await parallel(await companions(record), concurrency, async (item) => {
      if (item['expiresAt'] !== expiresAt || expiresAt === undefined) {
        await storage.update({ pk: item.pk, sk: item.sk }, { expiresAt }, EXISTS);
      }
    });
  }

  type Attributes = Awaited<ReturnType<typeof attributesOf>>;

  /** Only the newest attempt has a say in the record. */
  function newest({ attempt }: CloneRecord, andNot = ''): Condition {
    return {
      expression: `attribute_exists(pk) AND (attribute_not_exists(#attempt) OR #attempt <= :attempt)${andNot}`,
      names: { '#attempt': 'attempt' },
      values: { ':attempt': attempt },
    };
  }

  /** Why a record could not be saved. */
  async function checkNewest({ cloneId, attempt }: CloneRecord): Promise<void> {
    const item = await storage.get(recordKey(cloneId));
    if (item === undefined) throw notFound(cloneId);
    const stored = item['attempt'];
    if (typeof stored === 'number' && stored > attempt) throw superseded(cloneId);
  }

  async function update(record: CloneRecord, attributes: Attributes): Promise<void> {
    const key = recordKey(record.cloneId);
    const asBefore =
      attributes.expiresAt === undefined
        ? newest(record, ' AND attribute_not_exists(expiresAt)')
        : newest(record);
    if (!(await storage.update(key, attributes, asBefore))) {
      await checkNewest(record);
      // It had ended and goes on: then nothing of it may expire any more.
      await expireCompanions(record, undefined);
      if (!(await storage.update(key, attributes, newest(record)))) {
        await checkNewest(record);
        throw notFound(record.cloneId);
      }
    }
    if (attributes.parts !== undefined) {
      await storage.batchWrite(await staleParts(storage, key, attributes.version));
    }
  }

  /** A clone that has ended, and when it expires. */
  async function endedOf(cloneId: string): Promise<{ record: CloneRecord; expiresAt: number } | undefined> {
    const item = await storage.get(recordKey(cloneId));
    const record = await toRecord(item);
    const expiresAt = item?.['expiresAt'];
    return record && typeof expiresAt === 'number' ? { record, expiresAt } : undefined;
  }

  return {
    async create(record) {
      const key = recordKey(record.cloneId);
      const token = randomUUID();
      const item: Item = { ...key, ...(await attributesOf(record)), wish: record.wish, token };
      // The listing first: a record that no list shows would be worse than a listing without a record.
      await storage.put({ ...listingKey(record), cloneId: record.cloneId, expiresAt: item['expiresAt'] });
      if (await storage.putIf(item, absent(clock.now()))) return;
      const stored = await storage.get(key);
      if (stored && text(stored, 'token') === token) return;
      throw new FlowferryError('clone_exists', `There is a clone ${record.cloneId} already.`);
    },

    async get(cloneId) {
      return toRecord(await storage.get(recordKey(cloneId)));
    },

    async save(record) {
      const attributes = await attributesOf(record);
      if (attributes.expiresAt !== undefined) {
        await checkNewest(record);
        await expireCompanions(record, attributes.expiresAt);
      }
      await update(record, attributes);
    },

    async end(record) {
      await update(record, await attributesOf(record));
    },

    async retire(cloneId) {
      const ended = await endedOf(cloneId);
      if (ended === undefined) return;
      await expireCompanions(ended.record, ended.expiresAt);
      // Gone on with meanwhile: whoever did that may have been there before what was marked just now.
      if ((await endedOf(cloneId)) === undefined) await expireCompanions(ended.record, undefined);
    },

    wish: (cloneId, wish) => storage.update(recordKey(cloneId), { wish }, EXISTS),

    async remove(cloneId) {
      const key = recordKey(cloneId);
      const record = await toRecord(await storage.get(key));
      const items = record
        ? await companions(record)
        : await storage.queryAll({ pk: key.pk, ...startingWith('') });
      await storage.batchWrite(items.map((remove) => ({ remove })));
      // Last, so that a removal that was cut off can be told from one that was done.
      await storage.batchWrite([{ remove: key }]);
    },

    async listByTarget(target, { limit, cursor }) {
      const pk = join('clones', target);
      const records: CloneRecord[] = [];
      let after = cursor === undefined ? undefined : { pk, sk: fromCursor(cursor, 'at#') };
      // One more than wanted tells whether there is a next page.
      while (records.length <= limit) {
        const range = startingWith('at#');
        const page = await storage.queryPage({ pk, ...range, limit: limit + 1, descending: true, after });
        const wanted = page.items.filter((item) => !isExpired(item, clock.now()));
        const heads = await storage.batchGet(wanted.map((item) => recordKey(text(item, 'cloneId'))));
        const byId = new Map<string, CloneRecord>();
        for (const record of await parallel(heads, concurrency, toRecord)) {
          if (record) byId.set(listingKey(record).sk, record);
        }
        records.push(...wanted.flatMap((item) => byId.get(item.sk) ?? []));
        after = page.next;
        if (!after) break;
      }
      const shown = records.slice(0, limit);
      const last = shown.at(-1);
      return { records: shown, next: records.length > limit && last ? toCursor(listingKey(last).sk) : null };
    },

    async listUnfinished() {
      const keys = await storage.queryIndex(tableDefinition.index, tableDefinition.index.name);
      const records = await parallel(await storage.batchGet(keys), concurrency, toRecord);
      return records
        .flatMap((record) => record ?? [])
        .filter(({ status }) => status === 'running' || status === 'waiting')
        .sort((one, other) => (one.createdAt < other.createdAt ? -1 : 1));
    },

    async putPart(cloneId, name, value) {
      const key = partKey(cloneId, name);
      const { head, parts } = await toBlob(key, value);
      await storage.batchWrite(parts.map((put) => ({ put })));
      const replaced = await storage.put({ ...key, ...head });
      if (replaced?.['parts'] !== undefined) {
        await storage.batchWrite(await staleParts(storage, key, head.version));
      }
    },

    async getPart<T>(cloneId: string, name: string) {
      return (await readBlob(storage, partKey(cloneId, name))) as T | undefined;
    },

    appendEvents: (cloneId, attempt, sequence, events) =>
      appendEvents(storage, clonePartition(cloneId), attempt, sequence, events),

    events: (cloneId) => readEvents(storage, clonePartition(cloneId)),
  };
}
