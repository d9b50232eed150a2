import type { Json } from '../model/resource.ts';
import { isBlank } from './equal.ts';
import type { Context } from './place.ts';
import { resolutionFor } from './policy.ts';
import type { Conflict, Drift, PathChange } from './types.ts';

/** What a merge did and found so far; a part of it can be taken back. */
export interface MergeLog {
  applied: PathChange[];
  kept: PathChange[];
  conflicts: Conflict[];
  drift: Drift[];
  /** What is settled for the target from now on, see `Disputed`. */
  disputed: [key: string, mark: string][];
}

export function emptyLog(): MergeLog {
  return { applied: [], kept: [], conflicts: [], drift: [], disputed: [] };
}

/** Appends what a part of the merge logged, once it is known to stand. */
export function append(log: MergeLog, part: MergeLog): void {
  for (const change of part.applied) log.applied.push(change);
  for (const change of part.kept) log.kept.push(change);
  for (const conflict of part.conflicts) log.conflicts.push(conflict);
  for (const drift of part.drift) log.drift.push(drift);
  for (const dispute of part.disputed) log.disputed.push(dispute);
}

export function kindOf(from: Json | undefined, to: Json | undefined): PathChange['kind'] {
  if (isBlank(from)) return 'added';
  return isBlank(to) ? 'removed' : 'changed';
}

/** Logs that the source alone moved: the target follows. */
export function logApplied(log: MergeLog, path: string, kind: PathChange['kind']): void {
  log.applied.push({ path, kind });
  log.drift.push({ path, movedBy: 'source' });
}

/** Logs that the target alone moved: that is its own. */
export function logKept(log: MergeLog, path: string, kind: PathChange['kind']): void {
  log.kept.push({ path, kind });
  log.drift.push({ path, movedBy: 'target' });
}

/** Logs that both moved, apart from each other; answers which of them the policy follows. */
export function logConflict(
  log: MergeLog,
  { policy, type }: Context,
  path: string,
  kinds: { taken: PathChange['kind']; kept: PathChange['kind'] },
): 'source' | 'target' {
  const resolution = resolutionFor(policy, type, path);
  log.conflicts.push({ path, resolution: resolution === 'fail' ? 'failed' : resolution });
  log.drift.push({ path, movedBy: 'both' });
  if (resolution === 'take-source') {
    log.applied.push({ path, kind: kinds.taken });
    return 'source';
  }
  if (resolution === 'keep-target') log.kept.push({ path, kind: kinds.kept });
  return 'target';
}
