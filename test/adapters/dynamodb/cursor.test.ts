import { expect, test } from '@jest/globals';
import { fromCursor, toCursor } from '../../../adapters/dynamodb/cursor.ts';

test('A cursor leads back to its place.', () => {
  expect(fromCursor(toCursor('id#nightly'), 'id#')).toBe('id#nightly');
});

test.each([
  ['of another list', 'at#2026'],
  ['longer than a sort key', `id#${'a'.repeat(1_000)}`],
  ['longer than a sort key in bytes, though not in characters', `id#${'\u20ac'.repeat(400)}`],
])('A cursor %s is refused.', (_, place) => {
  expect(() => fromCursor(toCursor(place), 'id#')).toThrow(
    expect.objectContaining({ code: 'invalid_request' }),
  );
});
