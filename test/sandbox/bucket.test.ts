import { describe, expect, test } from '@jest/globals';
import { Bucket } from '../../sandbox/bucket.ts';

describe('Bucket', () => {
  test('It lets its size through at once and then its refill.', () => {
    const bucket = new Bucket({ size: 1000, refillPerSecond: 300 }, 0);

    const atOnce = Array.from({ length: 1001 }, () => bucket.take(0)).filter((wait) => wait === 0).length;
    const afterASecond = Array.from({ length: 400 }, () => bucket.take(1000)).filter(
      (wait) => wait === 0,
    ).length;

    expect(atOnce).toBe(1000);
    expect(afterASecond).toBe(300);
  });

  test('It never holds more than its size.', () => {
    const bucket = new Bucket({ size: 2, refillPerSecond: 10 }, 0);

    const passed = Array.from({ length: 5 }, () => bucket.take(60_000)).filter((wait) => wait === 0).length;

    expect(passed).toBe(2);
  });

  test('What it tells to wait is enough.', () => {
    const bucket = new Bucket({ size: 1, refillPerSecond: 0.3 }, 0);
    bucket.take(0);

    const wait = bucket.take(0);

    expect(wait).toBe(4);
    expect(bucket.take(wait * 1000)).toBe(0);
  });
});
