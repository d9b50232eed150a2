import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { identical } from '../../../core/merge/equal.ts';
import { diff, equal, isBlank } from '../../../core/merge/index.ts';
import type { Json, JsonObject } from '../../../core/model/resource.ts';

describe('Equality of values', () => {
  test.each<[Json | undefined, Json | undefined, boolean]>([
    [undefined, null, true],
    [undefined, [], true],
    [null, {}, true],
    [{ a: null, b: [] }, undefined, true],
    [undefined, '', false],
    [undefined, 0, false],
    [undefined, false, false],
    [[], [null], false],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: 1, b: undefined }, { a: 1 }, true],
    [[1, 2], [2, 1], false],
    [[{ a: 1 }], [{ a: 1, b: null }], true],
    ['1', 1, false],
    [{}, { toString: 'x' }, false],
    [{ toString: 'x' }, {}, false],
    [[1], { 0: 1 }, false],
  ])('%j and %j: %j', (a, b, same) => {
    expect(equal(a, b)).toBe(same);
    expect(equal(b, a)).toBe(same);
  });

  test('Identical is stricter: null, empty and absent are three things', () => {
    expect(identical({ a: null }, {})).toBe(false);
    expect(identical({ a: [] }, { a: null })).toBe(false);
    expect(identical({ a: undefined }, {})).toBe(true);
    expect(identical({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toBe(true);
  });

  test('Any JSON value equals its copy, and is blank only if it equals nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (made) => {
        const value = JSON.parse(JSON.stringify(made)) as Json;
        expect(equal(value, structuredClone(value))).toBe(true);
        expect(isBlank(value)).toBe(equal(value, undefined));
      }),
    );
  });
});

describe('The difference of two documents', () => {
  test('It names what was added, removed and changed, elements by identity', () => {
    const from: JsonObject = {
      name: 'a',
      disabled: true,
      description: 'x',
      aliases: [
        { alias: 'a', _flowId: '1' },
        { alias: 'b', _flowId: '2' },
      ],
    };
    const to: JsonObject = {
      name: 'b',
      disabled: false,
      schedule: 's',
      aliases: [
        { alias: 'c', _flowId: '3' },
        { alias: 'b', _flowId: '4' },
      ],
    };

    expect(diff('flow', from, to)).toEqual([
      { path: '/name', kind: 'changed' },
      { path: '/description', kind: 'removed' },
      { path: '/aliases/0', kind: 'removed' },
      { path: '/aliases/1/_flowId', kind: 'changed' },
      { path: '/aliases/0', kind: 'added' },
      { path: '/schedule', kind: 'added' },
    ]);
  });

  test('Another order is a change of the list, but for a set', () => {
    const from = { aliases: [{ alias: 'a' }, { alias: 'b' }], _runNextFlowIds: ['1', '2'] };
    const to = { aliases: [{ alias: 'b' }, { alias: 'a' }], _runNextFlowIds: ['2', '1'] };

    expect(diff('flow', from, to)).toEqual([{ path: '/aliases', kind: 'changed' }]);
  });
});
