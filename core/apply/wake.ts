import type { FlowReport, RunReport } from '../model/clone.ts';
import { forEachConcurrently } from '../model/concurrent.ts';
import type { Warning } from '../model/problem.ts';
import { codeOf, isOwnTrouble } from '../model/problem.ts';
import type { CloneRequest } from '../model/request.ts';
import type { JsonObject } from '../model/resource.ts';
import { isEnabledThen } from '../plan/flows.ts';
import type { PlannedFlow } from '../plan/plan.ts';
import type { Account, Clock, Job, WriteOptions } from '../ports.ts';
import { untilTaken } from './fresh.ts';
import type { Work } from './work.ts';

const OPEN_CALLS = 64;

/** Job states that do not change any more. `canceled` is integrator.io's own spelling. */
const FINAL_JOB_STATES: ReadonlySet<string> = new Set(['completed', 'failed', 'canceled']);

/** Enables the copies of flows that are enabled in the source; the last write of a clone. */
export async function activateFlows(
  clock: Clock,
  work: Work,
  account: Account,
  flows: readonly PlannedFlow[],
  options: WriteOptions,
): Promise<void> {
  await forEachConcurrently(flows, OPEN_CALLS, async (flow) => {
    const targetId = work.targetIdOf(flow.index);
    if (targetId === undefined) return;
    const awake = [{ op: 'replace', path: '/disabled', value: false }] as const;
    await untilTaken(clock, () => account.patch('flow', targetId, awake, options));
  });
}

/** Flows that `activate` has to enable: enabled in the source, and not enabled in the target yet. */
export function flowsToActivate(work: Work): PlannedFlow[] {
  if (!work.header.request.activate) return [];
  // A sync wakes what it makes. What was there before is awake or asleep as the tenant wants it.
  const isOurs = ({ index }: PlannedFlow): boolean =>
    work.header.order === undefined || work.action(index).action === 'create';
  return work.plan.flows.filter(
    (flow) => !flow.disabled && !flow.abstract && flow.copyDisabled !== false && isOurs(flow),
  );
}

/** Flows whose copies `run` starts. */
export function flowsToRun(work: Work): PlannedFlow[] {
  const { run, activate } = work.header.request;
  if (run === false) return [];
  const wanted = typeof run === 'object' && run.flowIds ? new Set(run.flowIds) : undefined;
  return work.plan.flows.filter(
    (flow) => isEnabledThen(flow, activate) && (!wanted || wanted.has(work.action(flow.index).sourceId)),
  );
}

/** The body of a run: dates are nested under `export`. */
function runBody(run: CloneRequest['run']): JsonObject {
  if (typeof run !== 'object' || (run.startDate === undefined && run.endDate === undefined)) return {};
  return {
    export: {
      ...(run.startDate === undefined ? {} : { startDate: run.startDate }),
      ...(run.endDate === undefined ? {} : { endDate: run.endDate }),
    },
  };
}

/** Starts one copy; a flow that can't be started is a warning, never a failed clone. */
export async function startRun(
  work: Work,
  account: Account,
  flow: PlannedFlow,
  options: WriteOptions,
): Promise<{ run?: RunReport; warning?: Warning }> {
  const { sourceId, name } = work.action(flow.index);
  try {
    const targetId = work.targetIdOf(flow.index) ?? '';
    const { jobId } = await account.run(targetId, runBody(work.header.request.run), options);
    return { run: { jobId, status: 'queued' } };
  } catch (error) {
    if (codeOf(error) === 'account_unauthorized' || isOwnTrouble(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return {
      warning: {
        code: 'run_failed',
        message: `Flow "${name}" could not be run: ${reason}`,
        type: 'flow',
        sourceId,
      },
    };
  }
}

/** Asks how a job stands. */
export async function pollRun(account: Account, run: RunReport): Promise<RunReport> {
  const job: Job = await account.job(run.jobId);
  const counts = { numSuccess: job.numSuccess, numError: job.numError, numIgnore: job.numIgnore };
  return { jobId: run.jobId, status: job.status, ...counts };
}

export function isOpen(run: RunReport): boolean {
  return !FINAL_JOB_STATES.has(run.status);
}

/** A warning for a job that did not end well. */
export function runWarning(flow: FlowReport, run: RunReport): Warning | undefined {
  if (run.status !== 'failed' && run.status !== 'canceled') return undefined;
  return {
    code: 'run_failed',
    message: `The run of flow "${flow.name}" ended as ${run.status}.`,
    type: 'flow',
    sourceId: flow.sourceId,
  };
}
