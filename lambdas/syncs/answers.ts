import type { StoredSync, SyncRun, TargetResult } from '../../core/sync/run.ts';
import type { ApiKey } from '../ports.ts';
import { maySeeRun } from './visible.ts';

/** A sync as it was put, with what became of its last run where this key may see that. */
export function syncAnswer(key: ApiKey, sync: StoredSync): object {
  const { name, definition, lastRun, createdAt, updatedAt } = sync;
  const told = lastRun !== undefined && maySeeRun(key, lastRun) ? { lastRun } : {};
  return { sync: name, ...definition, createdAt, updatedAt, ...told };
}

/** A run with the results there are; of targets that are under way, where they are. */
export function runAnswer(run: SyncRun, results: ReadonlyMap<number, TargetResult>): object {
  const { runId, sync, mode, status, trigger, createdAt, endedAt, error } = run;
  const targets = run.targets.map(({ account, state, cloneId, status: end }, position) => {
    const result = results.get(position);
    if (result) return result;
    const named = cloneId === undefined || mode === 'report' ? {} : { cloneId };
    const none = { applied: 0, kept: 0, drift: [], conflicts: [] };
    return { account, status: state === 'ended' ? (end ?? 'failed') : state, ...named, ...none };
  });
  return {
    runId,
    sync,
    mode,
    status,
    trigger,
    createdAt,
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(error === undefined ? {} : { error }),
    targets,
  };
}
