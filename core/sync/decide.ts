import type { RunError, RunStatus, RunTarget, SyncRun } from './run.ts';
import { supersededBy } from './superseding.ts';

/** What a run does next. */
export interface Decision {
  /** Targets whose turn has come. */
  start: RunTarget[];
  /** Targets that will not have theirs, and why. */
  skip: ({ target: RunTarget } & RunError)[];
  finished: boolean;
}

/**
 * Decides by the targets' states alone: the canaries go first, and the others only when none of them failed; no more
 * than `concurrency` at a time; nobody any more once a greater share than `stopAtFailureShare` of the run's targets
 * has failed, or the run was canceled. Whose turn has come is passed by where a newer run takes it.
 *
 * @param newer the runs of the same sync that are newer than this one
 */
export function decide(run: SyncRun, newer: readonly SyncRun[] = []): Decision {
  const { canary, concurrency } = run.definition;
  const active = run.targets.filter(({ status }) => status !== 'skipped');
  const waiting = active.filter(({ state }) => state === 'waiting');
  const running = active.filter(({ state }) => state === 'running').length;
  const reason = stopReason(run, active, active.slice(0, canary));
  if (reason !== undefined) {
    return { start: [], skip: waiting.map((target) => ({ target, ...reason })), finished: running === 0 };
  }
  const canariesDone = active.slice(0, canary).every(({ state }) => state === 'ended');
  const next = canariesDone ? waiting : active.slice(0, canary).filter(({ state }) => state === 'waiting');
  const start: RunTarget[] = [];
  const skip: Decision['skip'] = [];
  for (const target of next) {
    const reason = supersededBy(newer, target.account);
    if (reason) skip.push({ target, ...reason });
    else if (running + start.length < concurrency) start.push(target);
  }
  return { start, skip, finished: waiting.length === 0 && running === 0 };
}

function stopReason(
  { canceled, definition }: SyncRun,
  active: readonly RunTarget[],
  canaries: readonly RunTarget[],
): RunError | undefined {
  if (canceled) return { code: 'canceled', message: 'The run was canceled before this target had its turn.' };
  const hasFailed = ({ status }: RunTarget): boolean => status === 'failed';
  if (canaries.some(hasFailed)) {
    return { code: 'canary_failed', message: 'A target that went first has failed.' };
  }
  const failed = active.filter(hasFailed).length;
  if (failed <= definition.stopAtFailureShare * active.length) return undefined;
  return {
    code: 'too_many_failures',
    message: `${failed} of ${active.length} targets have failed, more than the share of ${definition.stopAtFailureShare} at which a run stops.`,
  };
}

/**
 * How a run ended, by how its targets did. Skipped ones play no part: they were paused, or are a newer run's, unless
 * the run stopped, and then one has failed or it was canceled.
 */
export function statusOf({ targets, canceled }: SyncRun): RunStatus {
  if (!canceled && targets.every(({ status }) => status !== 'failed')) return 'succeeded';
  const isGood = ({ status }: RunTarget): boolean => status !== 'failed' && status !== 'skipped';
  return targets.some(isGood) ? 'partial' : 'failed';
}
