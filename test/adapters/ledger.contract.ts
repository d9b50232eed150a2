import { describe, expect, test } from '@jest/globals';
import type { Clock, Ledger, Outcome, Pair } from '../../core/ports.ts';
import { id, noise } from './helpers.ts';

const A_DAY = 86_400_000;

let pairs = 0;
/** A pair that no other test uses, so that all can share one table. */
function newPair(target = `eu:target#${++pairs}`): Pair {
  return { source: `us:source%${++pairs}`, target };
}

function outcome(n: number, more: Partial<Outcome> = {}): Outcome {
  return {
    sourceId: id(n),
    targetId: id(1_000_000 + n),
    type: 'export',
    name: `Export ${n}`,
    cloneId: 'clone-a',
    made: true,
    sourceHash: `s${n}`,
    appliedHash: `a${n}`,
    at: '2026-01-01T00:00:00.000Z',
    ...more,
  };
}

async function collect(pages: AsyncIterable<readonly unknown[]>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

const forRange = (count: number) => Array.from({ length: count }, (_, n) => n);

/** What every ledger must do, whatever it is made of. */
export function ledgerContract(
  open: () => { ledger: Ledger; clock: Clock & { move(ms: number): void } },
): void {
  const holding = async (pair: Pair, cloneId = 'clone-a') => {
    const { ledger, clock } = open();
    return { ledger, clock, lease: await ledger.acquire(pair, cloneId) };
  };

  describe('rows', () => {
    test('an outcome is found again by its source id, with all its fields', async () => {
      const pair = newPair();
      const { ledger, lease } = await holding(pair);
      const { applied: _, ...row } = outcome(1, {
        sourceModified: 'm1',
        targetModified: 'm2',
        storedHash: 's',
        textIds: true,
        edited: true,
        disputed: { '/name': 'd' },
        overrides: [[{ op: 'remove', path: '/name' }]],
        syncOverrides: true,
        sync: 'nightly',
        pruned: 'disabled',
      });

      await ledger.record(lease, [{ ...row, applied: { name: 'x' } }]);

      const rows = await ledger.rows(pair, [id(1), id(2)]);
      expect([...rows]).toEqual([[id(1), row]]);
    });

    test('of two outcomes of one source the one of the higher epoch counts, and both are among all rows', async () => {
      const pair = newPair();
      const { ledger, lease } = await holding(pair);
      await ledger.record(lease, [outcome(1, { targetId: id(11), at: '2026-05-01T00:00:00.000Z' })]);

      const second = await ledger.acquire(pair, 'clone-a');
      await ledger.record(second, [outcome(1, { targetId: id(12), at: '2026-04-01T00:00:00.000Z' })]);

      const rows = await ledger.rows(pair, [id(1)]);
      expect(rows.get(id(1))?.targetId).toBe(id(12));
      expect(await collect(ledger.allRows(pair))).toHaveLength(2);
    });

    test('within one epoch the later outcome counts', async () => {
      const pair = newPair();
      const { ledger, lease } = await holding(pair);

      await ledger.record(lease, [
        outcome(1, { targetId: id(11), at: '2026-05-01T00:00:00.000Z' }),
        outcome(1, { targetId: id(12), at: '2026-04-01T00:00:00.000Z' }),
      ]);

      const rows = await ledger.rows(pair, [id(1)]);
      expect(rows.get(id(1))?.targetId).toBe(id(11));
    });

    test('some ids among many, scattered and dense, and ids that have no row are told apart', async () => {
      const pair = newPair();
      const { ledger, lease } = await holding(pair);
      await ledger.record(
        lease,
        forRange(600).map((n) => outcome(n)),
      );

      const scattered = forRange(40).map((n) => n * 37);
      const some = await ledger.rows(pair, scattered.map(id));
      const all = await ledger.rows(pair, forRange(900).map(id));

      expect([...some.keys()].sort()).toEqual(scattered.filter((n) => n < 600).map(id));
      expect([...all.keys()].sort()).toEqual(forRange(600).map(id));
      expect(await collect(ledger.allRows(pair))).toHaveLength(600);
    });

    test('a pair sees nothing of another', async () => {
      const pair = newPair();
      const { ledger, lease } = await holding(pair);
      await ledger.record(lease, [outcome(1)]);

      expect((await ledger.rows(newPair(pair.target), [id(1)])).size).toBe(0);
      expect((await ledger.rows({ source: pair.target, target: pair.source }, [id(1)])).size).toBe(0);
    });

    test('recording the same outcomes again changes nothing', async () => {
      const pair = newPair();
      const { ledger, lease } = await holding(pair);

      await ledger.record(lease, [outcome(1), outcome(2)]);
      await ledger.record(lease, [outcome(1), outcome(2), outcome(2)]);

      expect(await collect(ledger.allRows(pair))).toHaveLength(2);
    });
  });

  describe('documents last applied', () => {
    test('a document is kept while later outcomes leave it out, and replaced when one brings it', async () => {
      const pair = newPair();
      const { ledger, lease } = await holding(pair);
      await ledger.record(lease, [outcome(1, { applied: { version: 1 } })]);

      await ledger.record(lease, [outcome(1, { at: '2026-02-01T00:00:00.000Z' })]);
      const kept = await ledger.applied(pair, [id(1), id(2)]);
      await ledger.record(lease, [outcome(1, { applied: { version: 2 } })]);
      const replaced = await ledger.applied(pair, [id(1)]);

      expect([...kept]).toEqual([[id(1), { version: 1 }]]);
      expect(replaced.get(id(1))).toEqual({ version: 2 });
    });

    test('a document larger than an item comes back whole, also after smaller and larger ones', async () => {
      const pair = newPair();
      const { ledger, lease } = await holding(pair);
      const large = (seed: number) => ({ content: noise(1_500_000, seed), deep: [{ a: null }] });

      for (const document of [large(1), { small: true }, large(2), large(3)]) {
        await ledger.record(lease, [outcome(1, { applied: document })]);
        expect((await ledger.applied(pair, [id(1)])).get(id(1))).toEqual(document);
      }
    });
  });

  describe('ownership', () => {
    test('target objects that any pair into the target owns are told from others', async () => {
      const pair = newPair();
      const other = newPair(pair.target);
      const { ledger, lease } = await holding(pair);
      const otherLease = await ledger.acquire(other, 'clone-b');
      await ledger.record(lease, [outcome(1)]);
      await ledger.record(otherLease, [outcome(2, { targetId: id(77) })]);

      const owned = await ledger.owned(pair, [id(1_000_001), id(77), id(78)]);

      expect([...owned].sort()).toEqual([id(77), id(1_000_001)].sort());
    });

    test('an object that two pairs own stays owned when one forgets it', async () => {
      const pair = newPair();
      const other = newPair(pair.target);
      const { ledger, lease } = await holding(pair);
      const otherLease = await ledger.acquire(other, 'clone-b');
      await ledger.record(lease, [outcome(1, { targetId: id(9) })]);
      await ledger.record(otherLease, [outcome(2, { targetId: id(9) })]);

      await ledger.forget(otherLease, [{ sourceId: id(2), targetId: id(9) }]);
      const still = await ledger.owned(pair, [id(9)]);
      await ledger.forget(lease, [{ sourceId: id(1), targetId: id(9) }]);
      const notAnyMore = await ledger.owned(pair, [id(9)]);

      expect(still.size).toBe(1);
      expect(notAnyMore.size).toBe(0);
    });

    test('pairs are found from either account while they hold rows', async () => {
      const pair = newPair();
      const { ledger, lease } = await holding(pair);

      const before = await ledger.pairsOf(pair.target);
      await ledger.record(lease, [outcome(1)]);
      const fromTarget = await ledger.pairsOf(pair.target);
      const fromSource = await ledger.pairsOf(pair.source);
      await ledger.forget(lease, [{ sourceId: id(1), targetId: id(1_000_001) }]);
      const after = await ledger.pairsOf(pair.source);

      expect(before).toEqual([]);
      expect(fromTarget).toEqual([pair]);
      expect(fromSource).toEqual([pair]);
      expect(after).toEqual([]);
    });

    test('what is forgotten is gone with its document, and the other outcome of its source remains', async () => {
      const pair = newPair();
      const { ledger, lease } = await holding(pair);
      await ledger.record(lease, [
        outcome(1, { targetId: id(11), at: '2026-01-02', applied: { kept: true } }),
      ]);
      await ledger.record(lease, [
        outcome(1, { targetId: id(12), at: '2026-01-03', applied: { content: noise(600_000, 4) } }),
      ]);

      await ledger.forget(lease, [{ sourceId: id(1), targetId: id(12) }]);

      expect((await ledger.rows(pair, [id(1)])).get(id(1))?.targetId).toBe(id(11));
      expect((await ledger.applied(pair, [id(1)])).get(id(1))).toEqual({ kept: true });
    });
  });

  describe('intents', () => {
    test('batches come back whole and in order, over attempts, and only those of the clone', async () => {
      const pair = newPair();
      const { ledger, lease } = await holding(pair);
      const many = forRange(7_001).map((n) => ({ sourceId: id(n), type: 'import' as const }));
      const batch = (epoch: number, intents: typeof many, serverTime: number) => ({
        cloneId: 'clone-a',
        epoch,
        intents,
        serverTime,
      });

      await ledger.intend(lease, batch(lease.epoch, many, 5));
      await ledger.intend(lease, batch(lease.epoch, many.slice(0, 1), 4));
      await ledger.intend(lease, batch(lease.epoch, [], 4));
      const second = await ledger.acquire(pair, 'clone-a');
      await ledger.intend(second, batch(second.epoch, many.slice(0, 2), 9));

      expect(await ledger.intents(pair, 'clone-a')).toEqual([
        batch(lease.epoch, many, 5),
        batch(lease.epoch, many.slice(0, 1), 4),
        batch(second.epoch, many.slice(0, 2), 9),
      ]);
      expect(await ledger.intents(pair, 'clone-b')).toEqual([]);
    });
  });

  describe('the lease', () => {
    test('another clone is refused while one holds it, and told which', async () => {
      const pair = newPair();
      const { ledger } = await holding(pair);

      const refused = ledger.acquire(pair, 'clone-b');

      await expect(refused).rejects.toMatchObject({
        code: 'clone_in_progress',
        problems: [{ candidates: [{ id: 'clone-a' }] }],
      });
    });

    test('the same clone takes it anew with a higher epoch, and its earlier attempt has lost it', async () => {
      const pair = newPair();
      const { ledger, lease } = await holding(pair);

      const second = await ledger.acquire(pair, 'clone-a');

      expect(second.epoch).toBeGreaterThan(lease.epoch);
      await expect(lease.renew()).rejects.toMatchObject({ code: 'lease_lost' });
      expect(lease.remainingMs()).toBe(0);
      await expect(second.renew()).resolves.toBeUndefined();
    });

    test('a worker that renews it is left to go on: another of the same clone is refused', async () => {
      const pair = newPair();
      const { ledger, clock, lease } = await holding(pair);

      const asked = ledger.acquire(pair, 'clone-a');
      clock.move(1_000);
      await lease.renew();

      await expect(asked).rejects.toMatchObject({
        code: 'clone_in_progress',
        problems: [{ candidates: [{ id: 'clone-a' }] }],
      });
      await expect(lease.renew()).resolves.toBeUndefined();
    });

    test('it tells whether the clone held it and never gave it back', async () => {
      const pair = newPair();
      const { ledger, lease } = await holding(pair);

      const inherited = await ledger.acquire(pair, 'clone-a');
      await inherited.release();
      const fresh = await ledger.acquire(pair, 'clone-a');

      expect([lease, inherited, fresh].map((one) => one.inherited)).toEqual([false, true, false]);
    });

    test('it tells how long ago it was renewed, and comes to life no more once it was given back', async () => {
      const pair = newPair();
      const { clock, lease } = await holding(pair);
      clock.move(1_500);
      const before = lease.sinceRenewalMs();
      await Promise.all([lease.renew(), lease.renew()]);
      const after = lease.sinceRenewalMs();

      await lease.release();

      expect(before).toBeGreaterThanOrEqual(1_500);
      expect(after).toBeLessThan(1_500);
      expect(lease.sinceRenewalMs()).toBe(Number.POSITIVE_INFINITY);
      await expect(lease.renew()).rejects.toMatchObject({ code: 'lease_lost' });
    });

    test('another clone takes it after it was released, and after it expired', async () => {
      const { ledger, clock } = open();
      const pair = newPair();
      const first = await ledger.acquire(pair, 'clone-a');
      await first.release();

      const second = await ledger.acquire(pair, 'clone-b');
      clock.move(A_DAY);
      const third = await ledger.acquire(pair, 'clone-c');

      expect([first.epoch, second.epoch, third.epoch]).toEqual([1, 2, 3]);
      await expect(second.renew()).rejects.toMatchObject({ code: 'lease_lost' });
    });

    test('releasing a lost lease leaves the new holder alone', async () => {
      const { ledger, clock } = open();
      const pair = newPair();
      const first = await ledger.acquire(pair, 'clone-a');
      clock.move(A_DAY);
      const second = await ledger.acquire(pair, 'clone-b');

      await first.release();

      await expect(ledger.acquire(pair, 'clone-a')).rejects.toMatchObject({ code: 'clone_in_progress' });
      await second.renew();
    });

    test('it runs out by the monotonic clock and is valid again once renewed', async () => {
      const { ledger, clock } = open();
      const lease = await ledger.acquire(newPair(), 'clone-a');
      const whole = lease.remainingMs();

      clock.move(whole - 1);
      const nearly = lease.remainingMs();
      clock.move(2);
      const over = lease.remainingMs();
      await lease.renew();

      expect([nearly, over, lease.remainingMs()]).toEqual([1, 0, whole]);
    });

    test('of clones that ask at the same time exactly one gets it', async () => {
      const { ledger } = open();
      const pair = newPair();

      const answers = await Promise.allSettled(forRange(8).map((n) => ledger.acquire(pair, `clone-${n}`)));

      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });
  });
}
