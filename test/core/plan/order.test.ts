import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Edge, orderByNeeds } from '../../../core/plan/order.ts';

const hard = (from: number, to: number): Edge => ({ from, to, soft: false });
const soft = (from: number, to: number): Edge => ({ from, to, soft: true });

describe('An order', () => {
  test('puts what is needed first', () => {
    expect(orderByNeeds(3, [hard(0, 1), hard(1, 2)])).toMatchObject({ sequence: [2, 1, 0], stuck: [] });
  });

  test('cuts one need of a ring', () => {
    const { late } = orderByNeeds(4, [soft(0, 1), soft(1, 2), soft(2, 3), soft(3, 0)]);

    expect(late.flat()).toHaveLength(1);
  });

  test('cuts the soft need of a circle, never the hard one', () => {
    for (const edges of [
      [hard(0, 1), soft(1, 0)],
      [soft(0, 1), hard(1, 0)],
    ]) {
      const { late, needs, stuck } = orderByNeeds(2, edges);
      expect(stuck).toEqual([]);
      expect(needs.flat()).toHaveLength(1);
      expect(late.flat()).toHaveLength(1);
    }
  });

  test('names the nodes of a circle of hard needs', () => {
    const { stuck } = orderByNeeds(4, [hard(0, 1), hard(1, 2), hard(2, 0), hard(3, 0)]);

    expect(stuck).toEqual([[0, 1, 2]]);
  });

  test('of a hundred thousand needs in a row does not exhaust the stack', () => {
    const count = 100_000;
    const edges = Array.from({ length: count - 1 }, (_, node) => hard(node, node + 1));

    expect(orderByNeeds(count, edges).sequence[0]).toBe(count - 1);
  });

  test('loses no need, and never makes something before what it needs', () => {
    const count = 8;
    const node = fc.nat({ max: count - 1 });
    // Hard needs lead from higher to lower numbers, so that they alone never close a circle.
    const edge = fc.tuple(node, node, fc.boolean()).map(([a, b, isSoft]): Edge => {
      if (isSoft || a === b) return soft(a, b);
      return hard(Math.max(a, b), Math.min(a, b));
    });
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 30 }), (edges) => {
        const { sequence, needs, late, stuck } = orderByNeeds(count, edges);
        const position = new Map(sequence.map((one, index) => [one, index]));

        expect(stuck).toEqual([]);
        expect([...sequence].sort()).toEqual(Array.from({ length: count }, (_, index) => index));
        for (const { from, to, soft: isSoft } of edges) {
          const isLate = late[from]?.includes(to) === true;
          expect(isLate || needs[from]?.includes(to)).toBe(true);
          if (isLate)
            expect(isSoft && !edges.some((one) => one.from === from && one.to === to && !one.soft)).toBe(
              true,
            );
        }
        needs.forEach((before, one) => {
          for (const other of before) expect(position.get(other)).toBeLessThan(position.get(one) ?? -1);
        });
      }),
    );
  });
});
