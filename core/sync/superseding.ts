import type { ClonePorts } from '../clone/contract.ts';
import type { RunError, SyncRun } from './run.ts';
import type { SyncStore } from './store.ts';

/** The code that tells of a target, or of its clone where there is one already, that a newer run takes it. */
export const SUPERSEDED = 'superseded';

/**
 * Why an older run must not begin this target: a newer one has begun it, or will. The source that the older one read
 * would bring the target back to what it was, and could prune what the newer one made.
 *
 * @param newer the runs of the same sync that are newer than the one that asks
 */
export function supersededBy(newer: readonly SyncRun[], account: string): RunError | undefined {
  const run = newer.find((one) => takes(one, account));
  if (run === undefined) return undefined;
  return { code: SUPERSEDED, message: `Run ${run.runId} of this sync is newer, and takes this target.` };
}

/** Reports change nothing. A target without a clone that does not wait was passed by, or failed with its run. */
function takes({ mode, canceled, targets }: SyncRun, account: string): boolean {
  const target = targets.find((one) => one.account === account);
  if (mode === 'report' || target === undefined || target.status === 'skipped') return false;
  return target.cloneId !== undefined || (target.state === 'waiting' && !canceled);
}

/** What the clones of syncs' runs ask before they plan: a newer run may have begun since theirs began them. */
export function objectionIn(syncs: Pick<SyncStore, 'newerRuns'>): NonNullable<ClonePorts['objection']> {
  return async ({ sync, runId }, account) => supersededBy(await syncs.newerRuns(sync, runId), account);
}
