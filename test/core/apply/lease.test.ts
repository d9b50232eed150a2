import { describe, expect, test } from '@jest/globals';
import { createMemoryLedger } from '../../../adapters/memory/index.ts';
import { underLease } from '../../../core/apply/lease.ts';
import { manualClock } from '../../adapters/helpers.ts';

const PAIR = { source: 'us:1', target: 'us:2' };

/** A lease whose renewals are counted, and what asks for it before a call of some length. */
async function hold({ requestTimeoutMs = 30_000, leaseMs = 120_000 } = {}) {
  const clock = manualClock();
  const ledger = createMemoryLedger({ clock, leaseMs });
  const lease = await ledger.acquire(PAIR, 'clone');
  let renewals = 0;
  const renew = (): Promise<void> => {
    renewals += 1;
    return lease.renew();
  };
  const { beforeSend } = underLease({ lease: { ...lease, renew }, account: { requestTimeoutMs } });
  return { clock, ledger, ask: async () => beforeSend?.(), renewals: () => renewals };
}

describe('a lease that something is sent under', () => {
  test('is renewed when its last renewal is two seconds old, and not before', async () => {
    const { clock, ask, renewals } = await hold();
    const seen: number[] = [];

    for (const ms of [0, 1_999, 1, 1_999, 1]) {
      clock.move(ms);
      await ask();
      seen.push(renewals());
    }

    expect(seen).toEqual([0, 0, 1, 1, 2]);
  });

  test('is renewed, however fresh, when it would not outlast the call by five seconds', async () => {
    const long = await hold({ leaseMs: 36_000 });
    const short = await hold({ leaseMs: 36_000, requestTimeoutMs: 29_000 });

    for (const { clock, ask } of [long, short]) {
      clock.move(1_001);
      await ask();
    }

    expect([long.renewals(), short.renewals()]).toEqual([1, 0]);
  });

  test('lets nothing go out once somebody else has taken it, whether it has expired or stood still', async () => {
    const expired = await hold();
    const still = await hold();

    expired.clock.move(120_000);
    await expired.ledger.acquire(PAIR, 'another');
    // The worker that takes it over watches it for three seconds before.
    await still.ledger.acquire(PAIR, 'clone');

    for (const { ask } of [expired, still]) {
      await expect(ask()).rejects.toMatchObject({ code: 'lease_lost' });
      await expect(ask()).rejects.toMatchObject({ code: 'lease_lost' });
    }
  });
});
