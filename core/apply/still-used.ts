import type { Document, ResourceType } from '../model/resource.ts';
import type { Account } from '../ports.ts';
import { referencesOf } from '../references/index.ts';

/** What holds references to others, and can be the tenant's own. */
const USERS: readonly ResourceType[] = ['flow', 'export', 'import', 'connection'];

/**
 * Which of these objects something else in the account has come to need, straight or through another of them:
 * the tenant's own flow in an integration of ours, its own step on a connection of ours. They must stay.
 */
export async function stillUsed(account: Account, ours: ReadonlySet<string>): Promise<Set<string>> {
  const needs = new Map<string, string[]>();
  const kept = new Set<string>();
  const open: string[] = [];
  const keep = (ids: readonly string[]): void => {
    for (const id of ids) {
      if (kept.has(id)) continue;
      kept.add(id);
      open.push(id);
    }
  };
  for (const type of USERS) {
    for await (const page of account.list(type)) {
      for (const document of page) {
        const needed = neededBy(type, document, ours);
        if (ours.has(document._id)) needs.set(document._id, needed);
        else keep(needed);
      }
    }
  }
  for (let id = open.pop(); id !== undefined; id = open.pop()) keep(needs.get(id) ?? []);
  return kept;
}

function neededBy(type: ResourceType, document: Document, ours: ReadonlySet<string>): string[] {
  return referencesOf(type, document).flatMap(({ id }) =>
    typeof id === 'string' && id !== document._id && ours.has(id) ? [id] : [],
  );
}
