import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Fifo } from '../../../adapters/integrator/fifo.ts';

test('a queue gives what an array would, however it is used', () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 400 }).map((count) => ({ push: count })) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 400 }).map((count) => ({ shift: count })) },
    { weight: 1, arbitrary: fc.constant({ unshift: true }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const fifo = new Fifo<number>();
      const array: number[] = [];
      let n = 0;
      for (const one of steps) {
        if ('push' in one) {
          for (let i = 0; i < one.push; i++) {
            fifo.push(++n);
            array.push(n);
          }
        } else if ('shift' in one) {
          const taken = Array.from({ length: one.shift }, () => [fifo.shift(), array.shift()]);
          expect(taken.every(([mine, theirs]) => mine === theirs)).toBe(true);
        } else {
          fifo.unshift(++n);
          array.unshift(n);
        }
        expect([fifo.length, fifo.first()]).toEqual([array.length, array[0]]);
      }
    }),
    { numRuns: 100 },
  );
});
