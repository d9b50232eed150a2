import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { interleave, whoMoved } from '../../../core/merge/order.ts';

const keys = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { maxLength: 8 });

describe('The order of merged elements', () => {
  test.each([
    ['nobody', 'abc', 'abc', 'abc'],
    ['nobody', 'abc', 'cba', 'cba'],
    ['source', 'abc', 'bac', 'abc'],
    ['target', 'abc', 'abc', 'bac'],
    ['both', 'abc', 'bac', 'acb'],
    ['both', '', 'ab', 'ba'],
    ['nobody', 'abc', 'xaby', 'azbc'],
    ['source', 'abc', 'cxa', 'abyc'],
  ])('%s moved: from %s to %s and to %s', (moved, base, source, target) => {
    expect(whoMoved([...base], [...source], [...target])).toBe(moved);
  });

  test('Everything of both comes out once, and the leading side keeps its order', () => {
    fc.assert(
      fc.property(keys, keys, (leading, following) => {
        const merged = interleave(leading, following);

        expect(merged.toSorted()).toEqual([...new Set([...leading, ...following])].sort());
        expect(merged.filter((key) => leading.includes(key))).toEqual(leading);
      }),
    );
  });

  test('Where both agree on what they share, both keep their orders and neither side leads', () => {
    fc.assert(
      fc.property(keys, keys, fc.constantFrom(...'abcdefgh'), (a, b, last) => {
        const one = a.toSorted().filter((key) => key <= last);
        const other = b.toSorted();
        const merged = interleave(one, other);

        expect(merged).toEqual(interleave(other, one));
        expect(merged.filter((key) => one.includes(key))).toEqual(one);
        expect(merged.filter((key) => other.includes(key))).toEqual(other);
      }),
    );
  });

  test('Runs that both put into one gap are not torn apart', () => {
    expect(interleave([...'aXbYc'], [...'aAbBc']).join('')).toBe('aAXbBYc');
    expect(interleave([...'awd'], [...'azxbd']).join('')).toBe('awzxbd');
  });
});
