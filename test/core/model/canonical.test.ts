import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../../core/model/canonical.ts';

test('the order of members makes no difference, at any depth, and the order of elements does', () => {
  const one = JSON.parse('{"b":[{"y":1,"x":2},3],"a":null}');
  const other = JSON.parse('{"a":null,"b":[{"x":2,"y":1},3]}');

  expect(canonicalJson(one)).toBe('{"a":null,"b":[{"x":2,"y":1},3]}');
  expect(canonicalJson(other)).toBe(canonicalJson(one));
  expect(canonicalJson([3, 1])).not.toBe(canonicalJson([1, 3]));
});

test('a member named __proto__ counts like any other', () => {
  const text = '{"__proto__":{"a":1},"b":2}';

  expect(canonicalJson(JSON.parse(text))).toBe(text);
});

test('the text means the value it was made from', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.stringify(value);
      expect(JSON.parse(canonicalJson(JSON.parse(json)))).toEqual(JSON.parse(json));
    }),
  );
});
