import * as z from 'zod/mini';
import { leaseHeld, leaseLost, TAKE_OVER_MS } from '../../core/model/lease.ts';
import type { JsonObject } from '../../core/model/resource.ts';
import type { Clock, IntentBatch, Lease, Ledger, LedgerRow, Pair } from '../../core/ports.ts';
import { copy } from './copy.ts';

const schema = z.strictObject({
  clock: z.custom<Clock>((value) => typeof value === 'object' && value !== null),
  /** How long a lease holds without renewal, in ms. */
  leaseMs: z._default(z.number().check(z.gt(0)), 120_000),
  /** How long, ms, a lease that its own clone did not give back must go without renewal before it is taken anew. */
  takeOverMs: z._default(z.number().check(z.gte(0)), TAKE_OVER_MS),
});

export type MemoryLedgerOptions = z.input<typeof schema>;

interface Held {
  cloneId: string;
  epoch: number;
  until: number;
}

interface Entry {
  row: LedgerRow;
  epoch: number;
  applied: JsonObject | undefined;
}

interface Book {
  pair: Pair;
  lease: Held | undefined;
  /** By source id, then by target id. */
  entries: Map<string, Map<string, Entry>>;
  intents: Map<string, IntentBatch[]>;
}

/** The ledger in memory: the same meaning as the one in DynamoDB, for tests and to measure what safety costs. */
export function createMemoryLedger(options: MemoryLedgerOptions): Ledger {
  const { clock, leaseMs, takeOverMs } = schema.parse(options);
  const books = new Map<string, Book>();

  function bookOf(pair: Pair): Book {
    const key = JSON.stringify([pair.source, pair.target]);
    const book = books.get(key) ?? {
      pair: { ...pair },
      lease: undefined,
      entries: new Map(),
      intents: new Map(),
    };
    books.set(key, book);
    return book;
  }

  function newest(pair: Pair, sourceId: string): Entry | undefined {
    const entries = [...(bookOf(pair).entries.get(sourceId)?.values() ?? [])];
    return entries.sort(byAge).at(-1);
  }

  function leaseOf(book: Book, held: Held, inherited: boolean): Lease {
    const isMine = () =>
      book.lease?.cloneId === held.cloneId && book.lease.epoch === held.epoch && book.lease.until > 0;
    let renewedAt = clock.monotonic();
    let isOver = false;
    return {
      pair: book.pair,
      cloneId: held.cloneId,
      epoch: held.epoch,
      inherited,
      remainingMs: () => (isOver ? 0 : Math.max(0, renewedAt + leaseMs - clock.monotonic())),
      sinceRenewalMs: () => (isOver ? Number.POSITIVE_INFINITY : clock.monotonic() - renewedAt),
      async renew() {
        if (!isMine()) {
          isOver = true;
          throw leaseLost();
        }
        book.lease = { ...held, until: clock.now() + leaseMs };
        renewedAt = clock.monotonic();
      },
      async release() {
        isOver = true;
        if (isMine()) book.lease = { ...held, until: 0 };
      },
    };
  }

  /** The lease as it stands. One that this clone holds already is watched for a while: whoever renews it is alive. */
  async function atRest(book: Book, cloneId: string): Promise<Held | undefined> {
    const held = book.lease;
    if (held?.cloneId !== cloneId || held.until <= clock.now()) return held;
    await clock.sleep(takeOverMs);
    const later = book.lease;
    const isHeld = later?.cloneId === cloneId && later.until > 0;
    if (isHeld && (later.epoch !== held.epoch || later.until !== held.until)) throw leaseHeld(cloneId);
    return later;
  }

  return {
    async rows(pair, sourceIds) {
      const rows = new Map<string, LedgerRow>();
      for (const sourceId of sourceIds) {
        const entry = newest(pair, sourceId);
        if (entry) rows.set(sourceId, copy(entry.row));
      }
      return rows;
    },

    async *allRows(pair) {
      const rows = [...bookOf(pair).entries.values()].flatMap((entries) => [...entries.values()]);
      if (rows.length > 0) yield rows.map(({ row }) => copy(row));
    },

    async applied(pair, sourceIds) {
      const documents = new Map<string, JsonObject>();
      for (const sourceId of sourceIds) {
        const applied = newest(pair, sourceId)?.applied;
        if (applied) documents.set(sourceId, copy(applied));
      }
      return documents;
    },

    async owned(pair, targetIds) {
      const wanted = new Set(targetIds);
      const found = new Set<string>();
      for (const book of books.values()) {
        if (book.pair.target !== pair.target) continue;
        for (const entries of book.entries.values()) {
          for (const targetId of entries.keys()) if (wanted.has(targetId)) found.add(targetId);
        }
      }
      return found;
    },

    async pairsOf(accountKey) {
      return [...books.values()]
        .filter(
          ({ pair, entries }) =>
            entries.size > 0 && (pair.source === accountKey || pair.target === accountKey),
        )
        .map(({ pair }) => ({ ...pair }));
    },

    async acquire(pair, cloneId) {
      const book = bookOf(pair);
      let lease = await atRest(book, cloneId);
      while (lease !== book.lease) lease = await atRest(book, cloneId);
      if (lease && lease.cloneId !== cloneId && lease.until > clock.now()) throw leaseHeld(lease.cloneId);
      const held = { cloneId, epoch: (lease?.epoch ?? 0) + 1, until: clock.now() + leaseMs };
      book.lease = held;
      return leaseOf(book, held, lease?.cloneId === cloneId && lease.until > 0);
    },

    async intend(lease, batch) {
      if (batch.intents.length === 0) return;
      const { intents } = bookOf(lease.pair);
      intents.set(batch.cloneId, [...(intents.get(batch.cloneId) ?? []), copy(batch)]);
    },

    async intents(pair, cloneId) {
      return copy(bookOf(pair).intents.get(cloneId) ?? []);
    },

    async record(lease, outcomes) {
      const { entries } = bookOf(lease.pair);
      for (const outcome of outcomes) {
        const { applied, ...row } = copy(outcome);
        const ofSource = entries.get(row.sourceId) ?? new Map<string, Entry>();
        const before = ofSource.get(row.targetId)?.applied;
        ofSource.set(row.targetId, { row, epoch: lease.epoch, applied: applied ?? before });
        entries.set(row.sourceId, ofSource);
      }
    },

    async forget(lease, rows) {
      const { entries } = bookOf(lease.pair);
      for (const { sourceId, targetId } of rows) {
        const ofSource = entries.get(sourceId);
        ofSource?.delete(targetId);
        if (ofSource?.size === 0) entries.delete(sourceId);
      }
    },
  };
}

/** Oldest first: by epoch, since epochs are handed out in order and clocks are not; then by time. */
function byAge(one: Entry, other: Entry): number {
  if (one.epoch !== other.epoch) return one.epoch - other.epoch;
  if (one.row.at !== other.row.at) return one.row.at < other.row.at ? -1 : 1;
  return one.row.targetId < other.row.targetId ? -1 : 1;
}
