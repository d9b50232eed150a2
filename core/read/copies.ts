import type { Document, ResourceType } from '../model/resource.ts';
import type { Account, LedgerRow } from '../ports.ts';
import { WEBHOOK_SECRETS } from '../references/index.ts';
import { BULK_FROM, beginPages, fetchMany } from './fetch.ts';

/** A copy as it stands. */
export interface Copy {
  /** Not written to since our last write: it is what the ledger says was applied. */
  asApplied: boolean;
  /** Whole unless `asApplied`, when only the fields asked for are sure to be there. */
  document: Document;
}

/** Fields of a list page that tell whether a copy changed, and what a plan needs of one that did not. */
export const PROJECTION: Partial<Record<ResourceType, readonly string[]>> = {
  flow: ['lastModified', 'disabled'],
  export: ['lastModified', ...WEBHOOK_SECRETS.map((name) => `webhook.${name}`)],
  integration: ['lastModified', '_registeredConnectionIds', 'flowGroupings'],
};

/** A single copy that is known to differ is asked for by id: no page of whole documents could say that it does not. */
const EDITED_BULK_FROM = 2;

/**
 * Reads copies of one type into `copies`, by target id: those that nobody has touched by what pages tell, all others
 * whole.
 *
 * @param wanted target ids with the ledger's row of each, where there is one
 */
export async function readCopiesOf(
  account: Account,
  copies: Map<string, Copy>,
  type: ResourceType,
  wanted: Map<string, LedgerRow | undefined>,
  bulkFrom: number = BULK_FROM,
): Promise<void> {
  const whole = new Set<string>(wanted.keys());
  if (wanted.size >= bulkFrom) {
    let pages = 0;
    const include = PROJECTION[type] ?? ['lastModified'];
    for await (const page of beginPages(account, type, wanted.size, { include })) {
      pages += 1;
      for (const document of page) {
        const row = wanted.get(document._id);
        if (row === undefined || row.targetModified === undefined || row.edited) continue;
        if (document['lastModified'] !== row.targetModified) continue;
        copies.set(document._id, { asApplied: true, document });
        whole.delete(document._id);
      }
      if (whole.size <= pages) break;
    }
  }
  // Copies whose time moved may be many without a change in any: enabling a flow moves it. Then pages tell all.
  const take = (document: Document): void => {
    const row = wanted.get(document._id);
    const asApplied =
      row?.targetModified !== undefined &&
      row.edited !== true &&
      document['lastModified'] === row.targetModified;
    copies.set(document._id, { asApplied, document });
  };
  const isKnownToDiffer = [...whole].every((id) => wanted.get(id)?.edited === true);
  await fetchMany(account, type, whole, take, {
    bulkFrom: isKnownToDiffer ? Math.max(EDITED_BULK_FROM, bulkFrom) : bulkFrom,
  });
}
