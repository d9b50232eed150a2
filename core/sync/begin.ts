import { FlowferryError } from '../model/problem.ts';
import type { RunRequest } from '../model/sync.ts';
import type { SyncPorts } from './contract.ts';
import { runIdOf } from './names.ts';
import { skipped } from './result.ts';
import type { StoredSync, SyncRun } from './run.ts';

/**
 * Brings a run of a sync into being, for a coordinator to carry on. The same id is the same run, however often it
 * is begun.
 *
 * @param origin when it was asked for, ms since the epoch, and what tells it from others of that moment
 * @throws FlowferryError `target_unknown` where a target is asked for that the sync does not have
 */
export async function beginRun(
  ports: Pick<SyncPorts, 'syncs' | 'clock'>,
  { name, definition }: StoredSync,
  { mode, targets: asked }: RunRequest,
  origin: { trigger: SyncRun['trigger']; time: number; salt: string },
): Promise<SyncRun> {
  const unknown = (asked ?? []).filter((one) => !definition.targets.some(({ account }) => account === one));
  if (unknown.length > 0) {
    throw new FlowferryError('target_unknown', `The sync has no target ${unknown.join(', ')}.`);
  }
  const chosen = definition.targets.filter(({ account }) => asked === undefined || asked.includes(account));
  const now = new Date(ports.clock.now()).toISOString();
  const run: SyncRun = {
    runId: runIdOf(origin.time, origin.salt),
    sync: name,
    mode,
    trigger: origin.trigger,
    definition: { ...definition, targets: chosen },
    targets: chosen.map(({ account, paused }) =>
      paused ? { account, state: 'ended', status: 'skipped' } : { account, state: 'waiting' },
    ),
    status: 'running',
    attempt: 1,
    createdAt: now,
    heartbeatAt: now,
  };
  if (!(await ports.syncs.createRun(run))) {
    return (await ports.syncs.getRun(name, run.runId)) ?? run;
  }
  const reason = { code: 'paused', message: 'This target is paused.' };
  for (const [position, { account, status }] of run.targets.entries()) {
    if (status === 'skipped') await ports.syncs.putResult(run.runId, position, skipped(account, reason));
  }
  return run;
}
