import type { ResourceType } from '../model/resource.ts';
import type { Account } from '../ports.ts';
import type { SourceSnapshot } from './source.ts';

/** Where an id in text may come from. */
const SEARCHED: readonly ResourceType[] = [
  'flow',
  'export',
  'import',
  'connection',
  'integration',
  'script',
  'lookupcache',
  'asynchelper',
  'filedefinition',
  'tool',
];

/**
 * Finds which ids in the closure's text are ids of the source account outside the closure. An id in a URI says
 * itself what it is; a bare one could be anybody's, so that the account's collections are asked, by pages that
 * hold little more than ids, and only when there is such an id at all.
 */
export async function findStrays(account: Account, source: SourceSnapshot): Promise<Set<string>> {
  const unknown = new Set<string>();
  const known = new Set<string>(source.missing.keys());
  for (const entry of source.entries.values()) {
    for (const id of entry.facts.registered ?? []) known.add(id);
    for (const { id, row } of entry.references) if (row.kind === 'alias') known.add(String(id));
  }
  for (const entry of source.entries.values()) {
    for (const { id, claims } of entry.textIds) {
      if (claims === undefined && !source.entries.has(id) && !known.has(id)) unknown.add(id);
    }
  }
  const strays = new Set(known);
  await Promise.all(
    SEARCHED.map(async (type) => {
      if (unknown.size === 0) return;
      for await (const page of account.list(type, { include: ['name'] })) {
        for (const { _id } of page) if (unknown.delete(_id)) strays.add(_id);
        if (unknown.size === 0) break;
      }
    }),
  );
  return strays;
}
