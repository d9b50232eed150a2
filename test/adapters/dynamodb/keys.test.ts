import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ALL_SHARDS, join, padded, shardOf, split } from '../../../adapters/dynamodb/keys.ts';
import { id } from '../helpers.ts';

test('no two lists of parts give one key, and a key gives its parts back', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom('a', '#', '%', '2', '3', '5') }), { minLength: 1 }),
      (parts) => {
        expect(split(join(...parts))).toEqual(parts);
      },
    ),
  );
});

test('ids that follow one another are spread evenly over all shards', () => {
  const counts = new Map<string, number>();
  for (let n = 0; n < 16_000; n++) counts.set(shardOf(id(n)), (counts.get(shardOf(id(n))) ?? 0) + 1);

  expect([...counts.keys()].sort()).toEqual(ALL_SHARDS);
  expect(Math.max(...counts.values())).toBeLessThan(4_400);
  expect(Math.min(...counts.values())).toBeGreaterThan(3_600);
});

test('the shard of an id never changes: it is part of stored keys', () => {
  expect(['5f0c1a2b3c4d5e6f70819203', '5f0c1a2b3c4d5e6f70819204', id(0)].map(shardOf)).toEqual([
    '00',
    '01',
    '03',
  ]);
});

test('padded numbers sort as numbers do', () => {
  const numbers = [0, 9, 10, 99, 1_000, 999_999_999];

  expect(numbers.map(padded).sort()).toEqual(numbers.map(padded));
});
