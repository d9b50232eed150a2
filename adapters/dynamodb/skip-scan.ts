import type { Item } from './attributes.ts';
import { join } from './keys.ts';
import type { Storage } from './storage.ts';

/** Most items that one request asks for: about 500 KB of ledger rows, half of what a page may hold. */
const MOST_ITEMS = 1_000;
/** Fewest items: some 40 KB. Reading them costs less than asking once more. */
const FEWEST_ITEMS = 100;

/**
 * The items of one partition whose sort key is `<kind>#<id>#…` for one of the ids.
 *
 * It reads a page from the first wanted id on, and then goes on at the next wanted id behind what it has seen. So a
 * handful of ids costs a small request each at most, all ids of a shard cost little more than reading the shard
 * once, and ids beyond the last item cost one request together. `attributes` are those to read.
 */
export async function skipScan(
  storage: Storage,
  pk: string,
  kind: string,
  ids: readonly string[],
  idOf: (item: Item) => string,
  attributes?: readonly string[],
): Promise<Item[]> {
  const wanted = [...new Set(ids)].sort();
  const isWanted = new Set(wanted);
  const last = wanted.at(-1);
  if (last === undefined) return [];
  const found: Item[] = [];
  const to = `${join(kind, last)}#~`;
  let position = 0;
  let from = `${join(kind, wanted[0] ?? '')}#`;
  for (;;) {
    const limit = Math.min(MOST_ITEMS, Math.max(FEWEST_ITEMS, Math.ceil((wanted.length - position) * 1.25)));
    const page = await storage.queryPage({ pk, from, to, limit, ...(attributes && { attributes }) });
    found.push(...page.items.filter((item) => isWanted.has(idOf(item))));
    const seen = page.items.at(-1);
    if (!page.next || !seen) return found;
    while ((wanted[position] ?? last) < idOf(seen)) position++;
    // Behind what was seen while it is a wanted id itself (it may have more items), else at the next wanted one.
    const next = wanted[position] ?? last;
    from = next === idOf(seen) ? `${seen.sk} ` : `${join(kind, next)}#`;
  }
}
