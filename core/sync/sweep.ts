import { codeOf } from '../model/problem.ts';
import type { Clock, Log, WorkerStarter } from '../ports.ts';
import type { SyncStore } from './store.ts';

/** Restarts of one run, after which it is left to expire: it kills its workers. */
const MOST_ATTEMPTS = 10;

/**
 * Gives runs whose coordinator was silent for too long another one.
 *
 * @returns how many
 */
export async function restartStaleRuns(
  { syncs, worker, clock, log }: { syncs: SyncStore; worker: WorkerStarter; clock: Clock; log: Log },
  stallAfterMs: number,
): Promise<number> {
  let restarted = 0;
  for (const { sync, runId } of await syncs.listUnfinished()) {
    try {
      const run = await syncs.getRun(sync, runId);
      if (run === undefined || run.status !== 'running') continue;
      if (clock.now() - Date.parse(run.heartbeatAt) <= stallAfterMs || run.attempt > MOST_ATTEMPTS) continue;
      const heartbeatAt = new Date(clock.now()).toISOString();
      const next = await syncs.changeRun(sync, runId, (stored) =>
        stored.attempt === run.attempt ? { ...stored, attempt: run.attempt + 1, heartbeatAt } : stored,
      );
      await worker.start(runId, next?.attempt ?? run.attempt + 1);
      restarted += 1;
    } catch (error) {
      // One run's trouble is not the others'; the next sweep looks at it again.
      log.warn('sweep failed for a sync run', { sync, runId, code: codeOf(error) });
    }
  }
  return restarted;
}
