import type { RecordStore } from '../adapters/records.ts';
import type { AccountIndex, IndexedAccount } from './ports.ts';

const COLLECTION = 'accounts';
const PAGE = 500;

interface Entry {
  region: string;
  /** `true`: there was such an account. What others remember of it is out of date. */
  removed?: boolean;
}

/**
 * Which accounts there are, in the table: to list them takes no right over their secrets. Each change gives an
 * account's entry a new revision, by which every process sees that what it remembers is out of date.
 */
export function createAccountIndex({ records }: { records: RecordStore }): AccountIndex {
  return {
    async list() {
      const accounts: { account: string; region: string }[] = [];
      let cursor: string | undefined;
      do {
        const page = await records.list<Entry>(COLLECTION, { limit: PAGE, cursor });
        for (const { id, value } of page.records) {
          if (value.removed !== true) accounts.push({ account: id, region: value.region });
        }
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      return accounts;
    },

    async find(account): Promise<IndexedAccount | undefined> {
      const entry = await records.get<Entry>(COLLECTION, account);
      if (entry === undefined) return undefined;
      return { revision: entry.version, exists: entry.value.removed !== true };
    },

    async put(account, region, { ifRevision } = {}) {
      await records.put(COLLECTION, account, { region } satisfies Entry, { ifVersion: ifRevision });
    },

    async remove(account) {
      await records.put(COLLECTION, account, { region: '', removed: true } satisfies Entry);
    },
  };
}
