import type { CloneStore, Log, WorkerStarter } from '../core/ports.ts';
import type { LambdaStandin } from './standins/lambda.ts';

/**
 * Goes on with every clone that an earlier process left running. Executions go on from their journals; a clone whose
 * execution was never started gets it now, and one whose execution ended without ending the clone gets another
 * attempt. Clones that wait for the customer keep waiting.
 */
export async function goOnWithUnfinished({
  clones,
  worker,
  lambda,
  functionName,
  log,
}: {
  clones: CloneStore;
  worker: WorkerStarter;
  lambda: LambdaStandin;
  functionName: string;
  log: Log;
}): Promise<void> {
  // Read before anything goes on: what starts by itself from here on needs nobody.
  const unfinished = await clones.listUnfinished();
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
  if (resumed + restarted > 0) log.info('unfinished clones go on', { resumed, restarted });
}
