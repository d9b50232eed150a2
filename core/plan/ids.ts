import type { Entry } from '../read/entry.ts';
import type { Snapshot } from './snapshot.ts';

/** Every id of an entry that rewriting may change. */
export function idsIn(entry: Pick<Entry, 'references' | 'textIds'>): string[] {
  return [
    ...entry.references.filter(({ valid }) => valid).map(({ id }) => String(id)),
    ...entry.textIds.map(({ id }) => id),
  ];
}

/** The closure's ids, but for those mapped to themselves: what must never be sent. */
export function sourceIdsOf(pairs: Iterable<readonly [string, string | undefined]>): Set<string> {
  const ids = new Set<string>();
  const targets = new Set<string>();
  for (const [sourceId, targetId] of pairs) {
    if (sourceId !== targetId) ids.add(sourceId);
    if (targetId !== undefined) targets.add(targetId);
  }
  // Within one account a copy may be mapped onto another original: such an id is a target's too.
  for (const id of targets) ids.delete(id);
  return ids;
}

/** Where flows go that belong to no integration. */
export function homeOf(snapshot: Snapshot): string | undefined {
  return snapshot.request.target.integrationId ?? snapshot.target.standalone?._id;
}
