import type { Fates } from './fate.ts';
import type { Snapshot } from './snapshot.ts';

/** Whether a copy is left as it is: `onExisting: keep`, and the ledger knows it already. */
export function isKept(snapshot: Snapshot, fates: Fates, sourceId: string): boolean {
  const fate = fates.get(sourceId);
  return fate?.kind === 'copy' && fate.row !== undefined && snapshot.request.onExisting === 'keep';
}

/**
 * Forgets what only copies that are left as they are would need: nothing would refer to it. What was chosen, and
 * all that something new needs, stays.
 */
export function dropUnreached(snapshot: Snapshot, fates: Fates): void {
  const { request, source } = snapshot;
  if (request.onExisting !== 'keep') return;
  const reached = new Set<string>([...source.chosen, ...(request.source.integrationIds ?? [])]);
  for (const id of reached) {
    const fate = fates.get(id);
    if (fate?.kind === 'fixed' || isKept(snapshot, fates, id)) continue;
    const entry = source.entries.get(id);
    for (const reference of entry?.references ?? []) {
      if (typeof reference.id === 'string') reached.add(reference.id);
    }
    for (const text of entry?.textIds ?? []) reached.add(text.id);
  }
  for (const [id, fate] of fates) if (fate.kind === 'create' && !reached.has(id)) fates.delete(id);
}
