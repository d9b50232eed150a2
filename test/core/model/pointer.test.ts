import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { child, escapeSegment, format, get, parse, remove, set } from '../../../core/model/pointer.ts';
import type { Json } from '../../../core/model/resource.ts';

const document: Json = { a: { 'b/c': [1, { d: 2 }], 'm~n': null, '': 'empty' } };

describe('JSON Pointers', () => {
  test('Segments are escaped and read back', () => {
    expect(escapeSegment('a/b~c')).toBe('a~1b~0c');
    expect(parse('/a~1b~0c/~01/')).toEqual(['a/b~c', '~1', '']);
    expect(parse('')).toEqual([]);
    expect(child('/a', 'b/c')).toBe('/a/b~1c');
    expect(child('/a', 3)).toBe('/a/3');
  });

  test('Any segments survive being written as a pointer', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('~', '/', '0', '1', 'a') })), (segments) => {
        expect(parse(format(segments))).toEqual(segments);
      }),
    );
  });

  test.each(['a', 'a/b', '/~', '/~2', '/a~', '#/a'])('%s is no pointer', (pointer) => {
    for (const use of [
      () => parse(pointer),
      () => get({}, pointer),
      () => set({}, pointer, 1),
      () => remove({}, pointer),
    ]) {
      expect(use).toThrow(expect.objectContaining({ code: 'invalid_pointer' }));
    }
  });

  test.each<[string, Json | undefined]>([
    ['', document],
    ['/a/b~1c/0', 1],
    ['/a/b~1c/1/d', 2],
    ['/a/m~0n', null],
    ['/a/', 'empty'],
    ['/a/x', undefined],
    ['/a/b~1c/2', undefined],
    ['/a/b~1c/-', undefined],
    ['/a/b~1c/00', undefined],
    ['/a/b~1c/length', undefined],
    ['/a/b~1c/0/x', undefined],
    ['/a/m~0n/x', undefined],
    ['/constructor', undefined],
    ['/__proto__/toString', undefined],
  ])('Getting %s', (pointer, value) => {
    expect(get(document, pointer)).toEqual(value);
  });

  test.each<[string, Json, string, Json]>([
    ['replaces a member', { a: 1, b: 2 }, '/a', { a: 9, b: 2 }],
    ['adds a member', { b: 2 }, '/a', { b: 2, a: 9 }],
    ['makes the objects on the way', {}, '/a/b/c', { a: { b: { c: 9 } } }],
    ['replaces an element', [1, 2, 3], '/1', [1, 9, 3]],
    ['appends by -', [1], '/-', [1, 9]],
    ['appends at the end', [1], '/1', [1, 9]],
    ['goes through elements', { a: [{ b: 1 }] }, '/a/0/b', { a: [{ b: 9 }] }],
    ['replaces the whole', { a: 1 }, '', 9],
  ])('Setting %s', (_title, before, pointer, after) => {
    const copy = structuredClone(before);

    expect(set(before, pointer, 9)).toEqual(after);
    expect(before).toEqual(copy);
  });

  test.each<[Json, string]>([
    [{ a: 1 }, '/a/b'],
    [{ a: null }, '/a/b'],
    [[1], '/2'],
    [[1], '/x'],
    [[1], '/01'],
  ])('Setting in %j at %s finds no place', (before, pointer) => {
    expect(() => set(before, pointer, 9)).toThrow(expect.objectContaining({ code: 'path_not_found' }));
  });

  test.each<[Json, string, Json]>([
    [{ a: 1, b: 2 }, '/a', { b: 2 }],
    [{ a: { b: 1, c: 2 } }, '/a/b', { a: { c: 2 } }],
    [[1, 2, 3], '/1', [1, 3]],
    [{ a: [{ b: 1 }, 2] }, '/a/0/b', { a: [{}, 2] }],
    [{ a: null }, '/a', {}],
  ])('Removing from %j at %s', (before, pointer, after) => {
    const copy = structuredClone(before);

    expect(remove(before, pointer)).toEqual(after);
    expect(before).toEqual(copy);
  });

  test.each(['/x', '/a/x', '/b/3', '/b/-', '/toString'])(
    'Removing what is not there, %s, leaves the document',
    (pointer) => {
      const before: Json = { a: 1, b: [1] };

      expect(remove(before, pointer)).toBe(before);
    },
  );

  test('The whole document can not be removed', () => {
    expect(() => remove({}, '')).toThrow(expect.objectContaining({ code: 'path_not_found' }));
  });

  test('A pointer through __proto__ makes a member and touches no prototype', () => {
    const made = set({}, '/__proto__/polluted', 1);

    expect(JSON.stringify(made)).toBe('{"__proto__":{"polluted":1}}');
    expect(get(made, '/__proto__/polluted')).toBe(1);
    expect(get({}, '/polluted')).toBeUndefined();
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
    expect(JSON.stringify(remove(made, '/__proto__/polluted'))).toBe('{"__proto__":{}}');
    expect(JSON.stringify(remove(made, '/__proto__'))).toBe('{}');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
