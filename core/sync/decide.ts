import type { RunStatus, RunTarget, SyncRun } from './run.ts';

/** What a run does next. */
export interface Decision {
  /** Targets whose turn has come. */
  start: RunTarget[];
  /** Targets that will not have theirs, and why. */
  skip: { target: RunTarget; code: string; message: string }[];
  finished: boolean;
}

/**
 * Decides by the targets' states alone: the canaries go first, and the others only when none of them failed; no more
 * than `concurrency` at a time; nobody any more once a greater share than `stopAtFailureShare` of the run's targets
 * has failed, or the run was canceled.
 */
export function decide(run: SyncRun): Decision {
  const { canary, concurrency } = run.definition;
  const active = run.targets.filter(({ status }) => status !== 'skipped');
  const waiting = active.filter(({ state }) => state === 'waiting');
  const running = active.filter(({ state }) => state === 'running').length;
  const reason = stopReason(run, active, active.slice(0, canary));
  if (reason !== undefined) {
    return { start: [], skip: waiting.map((target) => ({ target, ...reason })), finished: running === 0 };
  }
  const canariesDone = active.slice(0, canary).every(({ state }) => state === 'ended');
  const free = canariesDone ? waiting : active.slice(0, canary).filter(({ state }) => state === 'waiting');
  const start = free.slice(0, Math.max(0, concurrency - running));
  return { start, skip: [], finished: waiting.length === 0 && running === 0 };
}

function stopReason(
  { canceled, definition }: SyncRun,
  active: readonly RunTarget[],
  canaries: readonly RunTarget[],
): { code: string; message: string } | undefined {
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

/** How a run ended, by how its targets did. Paused targets play no part. */
export function statusOf(run: SyncRun, paused: ReadonlySet<string>): RunStatus {
  const active = run.targets.filter(({ account }) => !paused.has(account));
  const good = active.filter(({ status }) => status !== 'failed' && status !== 'skipped').length;
  if (good === active.length && !run.canceled) return 'succeeded';
  return good === 0 ? 'failed' : 'partial';
}
