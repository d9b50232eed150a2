import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Bucket, believedShape, PUBLISHED_BUCKET } from '../../../adapters/integrator/index.ts';

describe('a bucket', () => {
  test('never grants more than size + rate × w in any window w, whatever happens to it', () => {
    const event = fc.record({
      waitMs: fc.double({ min: 0, max: 2000, noNaN: true }),
      what: fc.oneof(
        { weight: 6, arbitrary: fc.record({ take: fc.integer({ min: 1, max: 60 }) }) },
        { weight: 1, arbitrary: fc.record({ holdMs: fc.integer({ min: 0, max: 3000 }) }) },
        { weight: 1, arbitrary: fc.record({ factor: fc.double({ min: 0.1, max: 1, noNaN: true }) }) },
        { weight: 1, arbitrary: fc.record({ restore: fc.integer({ min: 0, max: 100 }) }) },
      ),
    });
    const shape = fc.record({
      size: fc.integer({ min: 1, max: 100 }),
      rate: fc.double({ min: 0.5, max: 400, noNaN: true }),
    });
    fc.assert(
      fc.property(shape, fc.array(event, { minLength: 1, maxLength: 40 }), (full, events) => {
        let now = 0;
        const bucket = new Bucket(full, now);
        const granted: number[] = [];
        for (const { waitMs, what } of events) {
          now += waitMs;
          if ('take' in what) {
            for (let i = 0; i < what.take; i++) if (bucket.take(now)) granted.push(now);
          } else if ('holdMs' in what) bucket.holdEmpty(now, now + what.holdMs);
          else if ('factor' in what) {
            bucket.reshape(
              { size: Math.max(1, full.size * what.factor), rate: full.rate * what.factor },
              now,
            );
          } else bucket.restore(what.restore, now - 100, now);
        }
        let worst = 0;
        granted.forEach((from, first) => {
          for (let last = first; last < granted.length; last++) {
            const most = full.size + (full.rate * ((granted[last] ?? 0) - from)) / 1000;
            worst = Math.max(worst, last - first + 1 - most);
          }
        });
        expect(worst).toBeLessThan(1e-6);
      }),
      { numRuns: 200 },
    );
  });

  test('tells after how long there will be a token, and there is one then', () => {
    const bucket = new Bucket({ size: 2, rate: 4 }, 0);
    bucket.take(0);
    bucket.take(0);

    expect(bucket.msUntilToken(0)).toBe(250);
    expect(bucket.take(249)).toBe(false);
    expect(bucket.take(250)).toBe(true);
  });

  test('held empty gains nothing until the hold is over', () => {
    const bucket = new Bucket({ size: 10, rate: 1 }, 0);

    bucket.holdEmpty(0, 5000);

    expect(bucket.level(4000)).toBe(0);
    expect(bucket.msUntilToken(4000)).toBe(2000);
    expect(bucket.take(6000)).toBe(true);
  });

  test('goes on from an earlier level and never gains by that', () => {
    const bucket = new Bucket({ size: 100, rate: 10 }, 10_000);

    bucket.restore(5, 8000, 10_000);
    expect(bucket.level(10_000)).toBe(25);

    bucket.restore(90, 10_000, 10_000);
    expect(bucket.level(10_000)).toBe(25);
  });

  test('takes back what was not used, up to its size', () => {
    const bucket = new Bucket({ size: 3, rate: 1 }, 0);
    bucket.take(0);

    bucket.putBack(10, 0);

    expect(bucket.level(0)).toBe(3);
  });
});

describe('the believed share', () => {
  test('is at most 95 % of the burst and 99 % of the rate', () => {
    expect(believedShape(PUBLISHED_BUCKET, 1)).toEqual({ size: 950, rate: 297 });
  });

  test('is what was asked for below that', () => {
    expect(believedShape(PUBLISHED_BUCKET, 0.3)).toEqual({ size: 300, rate: 90 });
  });

  test('always allows one call', () => {
    expect(believedShape({ size: 10, rate: 40 }, 0.01).size).toBe(1);
  });
});
