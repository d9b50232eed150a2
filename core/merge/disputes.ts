import { hashOf } from '../model/canonical.ts';
import { child } from '../model/pointer.ts';
import type { Json } from '../model/resource.ts';

/**
 * Conflicts that were settled for the target: by place, a mark of what the target holds there. As long as the mark
 * fits, nobody has moved since. Places are keys, see `Place`, so that they are found again when others came or went.
 */
export type Disputed = Readonly<Record<string, string>>;

/** Enough of a hash to tell the elements of one array apart. */
const SHORT = 8;

/** The mark of a value, without the ids of branches: whether a merge is given them depends on all of its sides. */
export function valueMark(value: Json | undefined): string {
  const text = JSON.stringify(value ?? null, (name, inner) => (name === 'branchId' ? undefined : inner));
  return hashOf(JSON.parse(text) as Json);
}

/** Where the order of an array is in dispute: no element has this identity. */
export function orderKey(arrayKey: string): string {
  return child(arrayKey, '-');
}

/** The mark of an order: of each element, in turn. */
export function orderMark(keys: readonly string[]): string {
  return keys.map(shortened).join(' ');
}

/** Whether the elements that are still there stand in another order. What came or went since is no move. */
export function isReordered(mark: string, keys: readonly string[]): boolean {
  const [before, now] = [mark.split(' '), keys.map(shortened)];
  const [wasThere, isThere] = [new Set(before), new Set(now)];
  const left = before.filter((key) => isThere.has(key));
  return now.filter((key) => wasThere.has(key)).some((key, index) => key !== left[index]);
}

function shortened(key: string): string {
  return hashOf(key).slice(0, SHORT);
}
