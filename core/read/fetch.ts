import { forEachConcurrently } from '../model/concurrent.ts';
import type { Document, ResourceType } from '../model/resource.ts';
import type { Account, ListOptions } from '../ports.ts';

/**
 * From how many wanted documents on the collection is read in pages. Below it the calls saved are too few to
 * pay for documents nobody asked for.
 */
export const BULK_FROM = 30;

/**
 * The same for a run of a sync, which nobody waits for and which mostly finds nothing changed: a page tells that of
 * all that is in it, for the price of one document.
 */
export const SYNC_BULK_FROM = 1;

/** How many reads are open at once; the account's gate decides how fast they go out. */
const OPEN_READS = 256;

/** Lists leave these fields out, so that such documents are only whole when read by id. */
const OMITTED_IN_LISTS: Partial<Record<ResourceType, string>> = { script: 'content' };

/** Whether a list answers whole documents of this type. */
export function listsWhole(type: ResourceType): boolean {
  return OMITTED_IN_LISTS[type] === undefined;
}

/** Pages of a collection, the first of them on their way. */
export type Pages = AsyncIterableIterator<readonly Document[], unknown>;

/** Documents that are held as they came, at most, for pages that were asked for ahead. */
const MOST_AHEAD = 2_000;

/** Up to so many wanted documents the next page is asked for while one is taken in; beyond it memory is worth more. */
const HURRIED_UP_TO = 5_000;

/**
 * Begins to read a collection: pages for so many documents, asked for as soon as the first is there, for how many a
 * page holds is the server's to say.
 */
export function beginPages(
  account: Account,
  type: ResourceType,
  documents = 1,
  options: ListOptions = {},
): Pages {
  const list = account.list(type, options)[Symbol.asyncIterator]();
  const begun: ReturnType<Pages['next']>[] = [];
  const begin = (): void => {
    const page = list.next();
    // Whoever takes the pages up is told.
    page.catch(() => undefined);
    begun.push(page);
  };
  begin();
  begun[0]?.then(
    ({ value }) => {
      const size = Array.isArray(value) ? value.length : 0;
      const pages = size === 0 ? 0 : Math.ceil(Math.min(documents, MOST_AHEAD) / size);
      for (let page = 1; page < pages; page += 1) begin();
    },
    () => undefined,
  );
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => begun.shift() ?? list.next(),
    return: async (value) => (await list.return?.(value)) ?? { done: true, value },
  };
}

export interface FetchOptions {
  /** From how many on pages of the collection are read. */
  bulkFrom?: number | undefined;
  /** Where pages were begun already, should they be read. */
  pages?: Pages | undefined;
  /** Told after each lot, be it a page or one document, when all that is wanted of it was taken in. */
  onLot?: (() => void) | undefined;
}

/**
 * Reads documents by id, or by pages of the whole collection where that takes fewer calls. How many pages a
 * collection has is not known beforehand: paging stops as soon as what is still missing costs no more calls by
 * id than the pages did so far, so that never more than twice the cheaper way's calls are made.
 *
 * @returns the ids that do not exist.
 */
export async function fetchMany(
  account: Account,
  type: ResourceType,
  ids: Iterable<string>,
  onDocument: (document: Document) => void,
  { bulkFrom = BULK_FROM, pages, onLot = () => undefined }: FetchOptions = {},
): Promise<string[]> {
  const wanted = new Set(ids);
  if (wanted.size >= bulkFrom && listsWhole(type)) {
    const ahead = wanted.size <= HURRIED_UP_TO ? wanted.size : 1;
    await fromPages(pages ?? beginPages(account, type, ahead), wanted, onDocument, onLot);
  }
  const missing: string[] = [];
  await forEachConcurrently(wanted, OPEN_READS, async (id) => {
    const document = await account.get(type, id);
    if (document === undefined) missing.push(id);
    else onDocument(document);
    onLot();
  });
  return missing;
}

/** Takes what is wanted from the pages, as long as that is the cheaper way. */
async function fromPages(
  pages: Pages,
  wanted: Set<string>,
  onDocument: (document: Document) => void,
  onLot: () => void,
): Promise<void> {
  const isHurried = wanted.size <= HURRIED_UP_TO;
  let count = 0;
  for (let coming: ReturnType<Pages['next']> | undefined; ; ) {
    const { done, value } = await (coming ?? pages.next());
    if (done) return;
    count += 1;
    const found = (value as readonly Document[]).filter(({ _id }) => wanted.delete(_id));
    const isEnough = wanted.size <= count;
    coming = undefined;
    if (!isEnough && isHurried) {
      // On its way while this page is taken in; if that fails, nobody waits for it any more.
      coming = pages.next();
      coming.catch(() => undefined);
    }
    for (const document of found) onDocument(document);
    onLot();
    if (!isEnough) continue;
    // A page that was asked for ahead is not waited for.
    pages.return?.().catch(() => undefined);
    return;
  }
}
