import { forEachConcurrently } from '../model/concurrent.ts';
import type { Document, ResourceType } from '../model/resource.ts';
import type { Account } from '../ports.ts';

/**
 * From how many wanted documents on the collection is read in pages. Below it the calls saved are too few to
 * pay for documents nobody asked for.
 */
export const BULK_FROM = 30;

/** How many reads are open at once; the account's gate decides how fast they go out. */
const OPEN_READS = 256;

/** Lists leave these fields out, so that such documents are only whole when read by id. */
const OMITTED_IN_LISTS: Partial<Record<ResourceType, string>> = { script: 'content' };

/** Whether a list answers whole documents of this type. */
export function listsWhole(type: ResourceType): boolean {
  return OMITTED_IN_LISTS[type] === undefined;
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
  bulkFrom: number = BULK_FROM,
): Promise<string[]> {
  const wanted = new Set(ids);
  if (wanted.size >= bulkFrom && listsWhole(type)) {
    let pages = 0;
    for await (const page of account.list(type)) {
      pages += 1;
      for (const document of page) if (wanted.delete(document._id)) onDocument(document);
      if (wanted.size <= pages) break;
    }
  }
  const missing: string[] = [];
  await forEachConcurrently(wanted, OPEN_READS, async (id) => {
    const document = await account.get(type, id);
    if (document === undefined) missing.push(id);
    else onDocument(document);
  });
  return missing;
}
