import { describe, expect, test } from '@jest/globals';
import { createRateLimiter } from '../../../adapters/limits/index.ts';
import { createMemoryRecordStore } from '../../../adapters/memory/index.ts';
import type { RecordStore } from '../../../adapters/records.ts';
import type { Clock } from '../../../core/ports.ts';

/** A clock that stands still unless it is moved, or something sleeps. */
function standing(): Clock & { move(ms: number): void } {
  let now = 1_000_000;
  return {
    now: () => now,
    monotonic: () => now,
    sleep: async () => undefined,
    move: (ms) => {
      now += ms;
    },
  };
}

function limiters(count: number, rate = 10, burst = 5) {
  const clock = standing();
  const records = createMemoryRecordStore({ clock });
  const make = () => createRateLimiter({ records, clock, collection: 'rates', rate, burst });
  return { clock, all: Array.from({ length: count }, make) };
}

describe('a rate limiter', () => {
  test('lets a burst through, then as much as flows in', async () => {
    const { clock, all } = limiters(1);
    const take = async (times: number) => {
      const verdicts = await Promise.all(Array.from({ length: times }, () => all[0]?.take('key')));
      return verdicts.filter((verdict) => verdict?.allowed === true).length;
    };

    expect(await take(8)).toBe(5);
    expect(await take(1)).toBe(0);
    clock.move(300);
    expect(await take(8)).toBe(3);
    clock.move(3_600_000);
    expect(await take(8)).toBe(5);
  });

  test('tells how long to wait, in whole seconds', async () => {
    const { all } = limiters(1, 0.25, 1);

    const first = await all[0]?.take('key');
    const second = await all[0]?.take('key');

    expect(first).toEqual({ allowed: true });
    expect(second).toEqual({ allowed: false, retryAfterSeconds: 4 });
  });

  test('keeps one bucket for all processes, and one for each id', async () => {
    const { all } = limiters(3);

    const verdicts = await Promise.all(
      Array.from({ length: 12 }, (_, index) => all[index % 3]?.take(index < 9 ? 'one' : 'other')),
    );

    const allowed = (from: number, to: number) =>
      verdicts.slice(from, to).filter((verdict) => verdict?.allowed === true).length;
    expect(allowed(0, 9)).toBe(5);
    expect(allowed(9, 12)).toBe(3);
  });

  test('fails those who wait when the table fails, and works again after it', async () => {
    const clock = standing();
    let isBroken = true;
    const store = createMemoryRecordStore({ clock });
    const records: RecordStore = {
      ...store,
      get: (collection, id) => (isBroken ? Promise.reject(new Error('away')) : store.get(collection, id)),
    };
    const limiter = createRateLimiter({ records, clock, collection: 'rates', rate: 1, burst: 1 });

    await expect(Promise.all([limiter.take('key'), limiter.take('key')])).rejects.toThrow('away');
    isBroken = false;

    expect(await limiter.take('key')).toEqual({ allowed: true });
  });

  test('takes no option it does not know', () => {
    const clock = standing();
    const records = createMemoryRecordStore({ clock });
    const options = { records, clock, collection: 'rates', rate: 1, burst: 1, brust: 2 };

    expect(() => createRateLimiter(options)).toThrow(/brust/);
  });
});
