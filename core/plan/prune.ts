import { resolutionFor } from '../merge/index.ts';
import { hashOf } from '../model/canonical.ts';
import type { Warning } from '../model/problem.ts';
import type { SyncOrder } from '../model/sync.ts';
import type { LedgerRow } from '../ports.ts';
import { usedBy } from '../read/users.ts';
import { comparable } from '../references/index.ts';
import type { Findings } from './findings.ts';
import type { Merger } from './merger.ts';
import type { PlannedPrune } from './plan.ts';
import type { GoneCopy, SyncSnapshot } from './snapshot.ts';
import { storedHashOf } from './stored.ts';

/**
 * Decides what becomes of copies whose source is gone. Only what we made is ever touched, and never more than the
 * order's share of all the sync's copies in one run: then nothing is done at all, for a source that lost so much is
 * more likely broken than meant.
 */
export function planPrunes(sync: SyncSnapshot, merger: Merger, findings: Findings): void {
  const { order, copies } = sync;
  if (order.prune === 'keep') return;
  const lost = sync.gone.flatMap((gone) => pruneOf(gone, sync, merger) ?? []);
  const goes = lost.filter(({ prune: { kind } }) => kind === 'delete').map(({ prune }) => prune.row.targetId);
  const used = usedBy(merger.usersAfter(sync.users), new Set(goes));
  const pruned = lost.filter(({ prune: { kind, row } }) => kind !== 'delete' || !used.has(row.targetId));
  const touched = pruned.filter(({ prune: { kind } }) => kind === 'delete' || kind === 'disable');
  if (touched.length > order.maxPruneShare * copies) {
    findings.block(
      'prune_limit',
      `${touched.length} of ${copies} copies have lost their source, more than the share of ${order.maxPruneShare} that one run may prune: nothing was changed.`,
    );
  }
  for (const { prune, isConflict } of pruned) merger.prunes(prune, isConflict);
  for (const { row } of sync.gone) {
    if (!used.has(row.targetId)) continue;
    merger.stays(row);
    findings.warnings.push(stillUsedWarning(row));
  }
}

export function stillUsedWarning({ type, name, sourceId, targetId }: LedgerRow): Warning {
  return {
    code: 'prune_still_used',
    message: `The ${type} ${targetId} "${name}" has lost its source, but something of the tenant's own needs it: it stays.`,
    type,
    sourceId,
  };
}

/** Whether nothing is left to do with a copy whose source is gone. What was only disabled can still be deleted. */
export function isSettled({ pruned }: LedgerRow, prune: SyncOrder['prune']): boolean {
  return pruned === 'kept' || (pruned === 'disabled' && prune !== 'delete');
}

function pruneOf(
  gone: GoneCopy,
  { order }: SyncSnapshot,
  merger: Merger,
): { prune: PlannedPrune; isConflict: boolean } | undefined {
  const { row, document } = gone;
  if (!row.made || isSettled(row, order.prune)) return undefined;
  if (document === undefined) return { prune: { kind: 'forget', row }, isConflict: false };
  if (order.prune === 'disable') {
    const isAwake = row.type === 'flow' && document['disabled'] !== true;
    return isAwake ? { prune: { kind: 'disable', row }, isConflict: false } : undefined;
  }
  if (!isEdited(gone)) return { prune: { kind: 'delete', row }, isConflict: false };
  const resolution = resolutionFor(merger.policy, row.type, '');
  if (resolution === 'fail') {
    const { type, sourceId, targetId } = row;
    merger.conflicts({ type, sourceId, targetId, path: '' }, 'failed');
    return undefined;
  }
  return { prune: { kind: resolution === 'take-source' ? 'delete' : 'keep', row }, isConflict: true };
}

/** Whether the tenant changed the copy: then the source's end is no reason to take it away. */
function isEdited({ row, document }: GoneCopy): boolean {
  if (row.edited === true || document === undefined) return row.edited === true;
  if (document['lastModified'] === row.targetModified) return false;
  // Clones remember the one, syncs the other.
  const seen = [hashOf(comparable(row.type, document)), storedHashOf(row.type, document)];
  return row.storedHash === undefined || !seen.includes(row.storedHash);
}
