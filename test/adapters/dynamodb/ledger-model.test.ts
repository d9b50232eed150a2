import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLedger } from '../../../adapters/dynamodb/index.ts';
import { createMemoryLedger } from '../../../adapters/memory/index.ts';
import { codeOf } from '../../../core/model/problem.ts';
import type { Lease, Ledger, Outcome, Pair } from '../../../core/ports.ts';
import { startDynamodb } from '../../../local/standins/dynamodb.ts';
import type { Standin } from '../../../local/standins/server.ts';
import { clientFor, id, manualClock } from '../helpers.ts';

const CLONES = ['clone-a', 'clone-b', 'clone-c'];
const LEASE_MS = 1_000;

/** What one of three clones does, or time. */
type Event =
  | { kind: 'acquire'; clone: string }
  | { kind: 'renew'; clone: string }
  | { kind: 'release'; clone: string }
  | { kind: 'pass'; ms: number }
  | { kind: 'intend'; clone: string; sources: number[] }
  | { kind: 'record'; clone: string; rows: { source: number; target: number; applied: number | undefined }[] }
  | { kind: 'forget'; clone: string; source: number; target: number };

const clone = fc.constantFrom(...CLONES);
const small = fc.integer({ min: 0, max: 5 });
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('acquire' as const, 'renew' as const, 'release' as const),
      clone,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 1_500 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('intend' as const),
      clone,
      sources: fc.array(small, { maxLength: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('record' as const),
      clone,
      rows: fc.array(
        fc.record({ source: small, target: small, applied: fc.option(small, { nil: undefined }) }),
        {
          maxLength: 4,
        },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('forget' as const), clone, source: small, target: small }),
  },
);

/** One ledger with what the clones hold of it, driven by events; says what could be seen of each. */
class Driver {
  readonly clock = manualClock();
  readonly leases = new Map<string, Lease>();
  readonly ledger: Ledger;
  readonly pair: Pair;
  #events = 0;

  constructor(open: (clock: Driver['clock']) => Ledger, pair: Pair) {
    this.ledger = open(this.clock);
    this.pair = pair;
  }

  async happen(next: Event): Promise<unknown> {
    try {
      return await this.#carryOut(next);
    } catch (error) {
      return codeOf(error);
    }
  }

  async #carryOut(next: Event): Promise<unknown> {
    this.#events++;
    if (next.kind === 'pass') return this.clock.move(next.ms);
    if (next.kind === 'acquire') {
      this.leases.set(next.clone, await this.ledger.acquire(this.pair, next.clone));
      return this.leases.get(next.clone)?.epoch;
    }
    const lease = this.leases.get(next.clone);
    if (!lease) return 'no lease';
    if (next.kind === 'renew') return lease.renew();
    if (next.kind === 'release') return lease.release();
    if (next.kind === 'forget') {
      return this.ledger.forget(lease, [{ sourceId: id(next.source), targetId: id(100 + next.target) }]);
    }
    if (next.kind === 'intend') {
      const intents = next.sources.map((n) => ({ sourceId: id(n), type: 'export' as const }));
      return this.ledger.intend(lease, {
        cloneId: next.clone,
        epoch: lease.epoch,
        intents,
        serverTime: this.#events,
      });
    }
    return this.ledger.record(
      lease,
      next.rows.map((row, index) => this.#outcome(next.clone, row, index)),
    );
  }

  #outcome(
    cloneId: string,
    row: { source: number; target: number; applied: number | undefined },
    index: number,
  ): Outcome {
    return {
      sourceId: id(row.source),
      targetId: id(100 + row.target),
      type: 'export',
      name: `${row.source}`,
      cloneId,
      made: true,
      sourceHash: 's',
      appliedHash: 'a',
      at: new Date(this.clock.now() + this.#events * 10 + index).toISOString(),
      applied: row.applied === undefined ? undefined : { applied: row.applied },
    };
  }

  async look(): Promise<unknown> {
    const sources = [0, 1, 2, 3, 4, 5].map(id);
    const all: string[] = [];
    for await (const page of this.ledger.allRows(this.pair))
      all.push(...page.map((row) => JSON.stringify(row)));
    const sorted = (map: Map<string, unknown>) => [...map].sort(([one], [other]) => (one < other ? -1 : 1));
    return {
      rows: sorted(await this.ledger.rows(this.pair, sources)),
      applied: sorted(await this.ledger.applied(this.pair, sources)),
      owned: [...(await this.ledger.owned(this.pair, [100, 101, 102, 103, 104, 105].map(id)))].sort(),
      intents: await Promise.all(CLONES.map((cloneId) => this.ledger.intents(this.pair, cloneId))),
      pairs: (await this.ledger.pairsOf(this.pair.target)).length,
      all: all.length,
    };
  }
}

let dynamodb: Standin;
let client: DynamoDBClient;
let runs = 0;

beforeAll(async () => {
  dynamodb = await startDynamodb({ tableName: 'flowferry' });
  client = clientFor(dynamodb.endpoint);
});

afterAll(async () => {
  client.destroy();
  await dynamodb.close();
});

test('whatever happens, both ledgers show the same, and no two clones may write at the same time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 30 }), async (events) => {
      const pair = { source: `us:${++runs}`, target: `eu:${runs}` };
      const table = { client, tableName: 'flowferry', leaseMs: LEASE_MS, clockSkewMs: 0 };
      const inTable = new Driver((clock) => createLedger({ ...table, clock }), pair);
      const inMemory = new Driver((clock) => createMemoryLedger({ clock, leaseMs: LEASE_MS }), pair);
      let highest = 0;

      for (const next of events) {
        const seen = await inTable.happen(next);
        expect(await inMemory.happen(next)).toEqual(seen);

        const holders = [...inTable.leases.values()].filter((lease) => lease.remainingMs() > 0);
        expect(new Set(holders.map(({ cloneId }) => cloneId)).size).toBeLessThanOrEqual(1);
        if (next.kind === 'acquire' && typeof seen === 'number') {
          expect(seen).toBeGreaterThan(highest);
          highest = seen;
        }
      }

      expect(await inTable.look()).toEqual(await inMemory.look());
    }),
    { numRuns: 40 },
  );
});
