import { type Item, number } from './attributes.ts';

export const DAY_SECONDS = 86_400;

/** The time to live, `seconds` from `nowMs` on, as DynamoDB wants it: epoch seconds. */
export function expiryAfter(nowMs: number, seconds: number): number {
  return Math.ceil(nowMs / 1000 + seconds);
}

/** Whether an item's time is over. DynamoDB deletes such items up to days later: until then they count as absent. */
export function isExpired(item: Item, nowMs: number): boolean {
  const expiresAt = number(item, 'expiresAt');
  return expiresAt !== 0 && expiresAt * 1000 <= nowMs;
}

/** Holds where there is no item, or one whose time is over. */
export function absent(nowMs: number) {
  return {
    expression: 'attribute_not_exists(pk) OR expiresAt <= :nowSeconds',
    values: { ':nowSeconds': nowMs / 1000 },
  };
}
