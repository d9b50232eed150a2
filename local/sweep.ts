import type { CloneStore, Log, WorkerStarter } from '../core/ports.ts';
import type { SyncStore } from '../core/sync/store.ts';
import type { LambdaStandin } from './standins/lambda.ts';

/**
 * Goes on with every clone that an earlier process left running. Executions go on from their journals; a clone whose
 * execution was never started gets it now, and one whose execution ended without ending the clone gets another
 * attempt. Clones that wait for the customer keep waiting. Syncs' runs go on likewise.
 */
export async function goOnWithUnfinished({
  clones,
  worker,
  lambda,
  functionName,
  syncs,
  log,
}: {
  clones: CloneStore;
  worker: WorkerStarter;
  lambda: LambdaStandin;
  functionName: string;
  syncs: SyncStore;
  log: Log;
}): Promise<void> {
  // Read before anything goes on: what starts by itself from here on needs nobody.
  const [unfinished, runs] = await Promise.all([clones.listUnfinished(), syncs.listUnfinished()]);
  const resumed = await lambda.resumeAll();
  let restarted = 0;
  for (const record of unfinished) {
    if (record.status !== 'running') continue;
    const { cloneId, attempt } = record;
    const status = await lambda.statusOf(functionName, `${cloneId}-${attempt}`);
    if (status === 'going-on') continue;
    const next = status === 'ended' ? attempt + 1 : attempt;
    if (next !== attempt) await clones.save({ ...record, attempt: next });
    await worker.start(cloneId, next);
    restarted += 1;
  }
  for (const { sync, runId } of runs) {
    const run = await syncs.getRun(sync, runId);
    if (run?.status !== 'running') continue;
    const status = await lambda.statusOf(functionName, `${runId}-${run.attempt}`);
    if (status === 'going-on') continue;
    const attempt = status === 'ended' ? run.attempt + 1 : run.attempt;
    if (attempt !== run.attempt) await syncs.changeRun(sync, runId, (stored) => ({ ...stored, attempt }));
    await worker.start(runId, attempt);
    restarted += 1;
  }
  if (resumed + restarted > 0) log.info('unfinished clones go on', { resumed, restarted });
}
