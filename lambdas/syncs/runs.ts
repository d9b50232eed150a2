import { codeOf } from '../../core/model/problem.ts';
import type { RunRequest } from '../../core/model/sync.ts';
import { beginRun } from '../../core/sync/begin.ts';
import { type Call, callerOf, type Reply } from '../http/call.ts';
import { ProblemError } from '../http/problem.ts';
import { pageOf } from '../http/query.ts';
import { json } from '../http/reply.ts';
import { runAnswer } from './answers.ts';
import type { SyncsPorts } from './ports.ts';
import { maySeeRun, visibleRun, visibleSync } from './visible.ts';

const LAST_REQUEST = 500;

/** Begins a run now, whatever the schedule says. */
export async function startRun(ports: SyncsPorts, call: Call): Promise<Reply> {
  const sync = await visibleSync(ports, call);
  const request = call.input as RunRequest;
  const origin = { trigger: 'request' as const, time: ports.clock.now(), salt: ports.newCloneId() };
  try {
    const run = await beginRun(ports, sync, request, origin);
    await ports.worker.start(run.runId, run.attempt);
    call.log.info('sync run begun', { sync: sync.name, runId: run.runId, byKey: callerOf(call).id });
    const location = `/syncs/${sync.name}/runs/${run.runId}`;
    return json(202, { runId: run.runId }, { location });
  } catch (error) {
    if (codeOf(error) !== 'target_unknown' || !(error instanceof Error)) throw error;
    throw new ProblemError('invalid_request', error.message.slice(0, LAST_REQUEST), {
      problems: unknownTargets(request, sync.definition.targets),
    });
  }
}

function unknownTargets({ targets = [] }: RunRequest, known: readonly { account: string }[]) {
  return targets.flatMap((target, index) =>
    known.some(({ account }) => account === target)
      ? []
      : [
          {
            code: 'invalid_request',
            message: 'is not a target of this sync',
            path: `/targets/${index}`,
          },
        ],
  );
}

/** A page may hold fewer runs than asked for: those with accounts the key may not use are left out of it. */
export async function listRuns(ports: SyncsPorts, call: Call): Promise<Reply> {
  const { name } = await visibleSync(ports, call);
  const { runs, next } = await ports.syncs.listRuns(name, pageOf(call.event, 50));
  return json(200, { runs: runs.filter((run) => maySeeRun(callerOf(call), run)), next });
}

export async function getRun(ports: SyncsPorts, call: Call): Promise<Reply> {
  const run = await visibleRun(ports, call);
  return json(200, runAnswer(run, await ports.syncs.results(run.runId)));
}

/** Targets that have not had their turn are skipped; those under way stop and are undone. */
export async function cancelRun(ports: SyncsPorts, call: Call): Promise<Reply> {
  const run = await visibleRun(ports, call);
  const canceled =
    run.status === 'running'
      ? await ports.syncs.changeRun(run.sync, run.runId, (stored) => ({ ...stored, canceled: true }))
      : run;
  const answer = runAnswer(canceled ?? run, await ports.syncs.results(run.runId));
  return json(202, answer, { location: `/syncs/${run.sync}/runs/${run.runId}` });
}
