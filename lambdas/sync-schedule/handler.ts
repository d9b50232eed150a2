import * as z from 'zod/mini';
import type { Clock, Log, WorkerStarter } from '../../core/ports.ts';
import { beginRun } from '../../core/sync/begin.ts';
import type { SyncStore } from '../../core/sync/store.ts';

export interface SyncSchedulePorts {
  syncs: SyncStore;
  worker: WorkerStarter;
  clock: Clock;
  log: Log;
}

const scheduledCall = z.strictObject({ sync: z.string().check(z.minLength(1)), time: z.iso.datetime() });

/**
 * What a schedule calls. Schedules call at least once: the run's id is made from the time it was due, so that a
 * call that comes twice begins one run. While an earlier run of the sync is under way there is nothing to begin.
 */
export function syncScheduleHandler(
  ports: SyncSchedulePorts,
): (event: unknown) => Promise<{ runId: string | null }> {
  return async (event) => {
    const { sync: name, time } = scheduledCall.parse(event);
    const sync = await ports.syncs.get(name);
    if (sync?.definition.schedule === undefined) {
      // Deleted, or changed, since the schedule called.
      ports.log.warn('schedule of no sync', { sync: name });
      return { runId: null };
    }
    const { runs } = await ports.syncs.listRuns(name, { limit: 1 });
    const origin = { trigger: 'schedule' as const, time: Date.parse(time), salt: name };
    const [last] = runs;
    if (last?.status === 'running' && Date.parse(time) > Date.parse(last.createdAt)) {
      ports.log.warn('sync still runs: its next run is left out', { sync: name, runId: last.runId });
      return { runId: null };
    }
    const run = await beginRun(ports, sync, { mode: 'apply' }, origin);
    if (run.status === 'running') await ports.worker.start(run.runId, run.attempt);
    ports.log.info('sync run begun', { sync: name, runId: run.runId });
    return { runId: run.runId };
  };
}
