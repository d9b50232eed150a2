import { untilThere } from '../apply/fresh.ts';
import { underLease } from '../apply/lease.ts';
import { UNDO_FAILURES } from '../apply/settle.ts';
import { activateFlows, flowsToActivate, flowsToRun, runWarning, startRun } from '../apply/wake.ts';
import type { Work } from '../apply/work.ts';
import type { FlowReport, PendingAuthorization } from '../model/clone.ts';
import { forEachConcurrently } from '../model/concurrent.ts';
import { codeOf, type Problem, type Warning } from '../model/problem.ts';
import type { Advance, ClonePorts } from './contract.ts';
import { alive } from './heartbeat.ts';
import { Looks } from './looks.ts';
import { FLOWS_PART, flowReports, notesOf } from './report.ts';
import type { Session } from './session.ts';

/** How long the jobs of a run are waited for, ms. After that the clone has succeeded with a job still open. */
const LONGEST_RUN_MS = 15 * 60_000;

/** First and longest pause between two looks at the open jobs, ms. */
const FIRST_POLL_MS = 50;
const LAST_POLL_MS = 2_000;

/** How long the jobs are waited for before the host may suspend, ms; and how long it then suspends, seconds. */
const PATIENCE_MS = 10_000;
const SUSPEND_SECONDS = 5;

/** Part that says which runs were begun: a run is never begun twice, whatever became of its answer. */
const RUNS_PART = 'runs-begun';

const OPEN_CALLS = 32;

/**
 * The last stage: waits for what the customer must authorise, enables the flows, runs them. Everything written
 * before is asleep until here.
 */
export async function wake(
  ports: ClonePorts,
  session: Session,
  deadline: number,
): Promise<Advance | { next: 'done' }> {
  const pending = await pendingAuthorizations(session);
  session.record = { ...session.record, state: { ...session.record.state, pendingAuthorizations: pending } };
  if (pending.length > 0) {
    const { record } = session;
    session.record = { ...record, status: 'waiting', state: { ...record.state, status: 'waiting' } };
    await ports.clones.save(session.record);
    return { next: 'stop', status: 'waiting' };
  }
  const { work, accounts } = session;
  if (hasNothingToTell(work)) return { next: 'done' };
  const stored = await ports.clones.getPart<FlowReport[]>(work.header.cloneId, FLOWS_PART);
  // Of jobs that are only waited for others need not know: the lease may then go to another clone of the pair.
  const begun = await alive(ports, session, async () =>
    beginRuns(ports, session, stored ?? (await enable(ports, session))),
  );
  const { run } = work.header.request;
  const waits = run !== false && (typeof run !== 'object' || run.wait);
  if (!waits) return { next: 'done' };

  const looks = await Looks.resume(ports.clones, work.header.cloneId);
  const startedAt = Number(notesOf(session.record)['runsBegunAt'] ?? ports.clock.now());
  let pause = FIRST_POLL_MS;
  const patience = ports.clock.monotonic() + PATIENCE_MS;
  for (;;) {
    const open = begun.filter((flow) => flow.run && looks.isAwaited(flow.run));
    await forEachConcurrently(open, OPEN_CALLS, async (flow) => {
      if (flow.run) flow.run = await looks.at(accounts.target, flow.run);
    });
    const stillOpen = open.filter((flow) => flow.run && looks.isAwaited(flow.run));
    await looks.store();
    if (stillOpen.length < open.length || stored === undefined) {
      await ports.clones.putPart(work.header.cloneId, FLOWS_PART, begun);
    }
    if (stillOpen.length === 0) break;
    if (ports.clock.now() - startedAt >= LONGEST_RUN_MS) break;
    const now = ports.clock.monotonic();
    if (now >= patience || now >= deadline) return { next: 'later', seconds: SUSPEND_SECONDS };
    await ports.clock.sleep(looks.hasDoubts ? LAST_POLL_MS : pause);
    pause = Math.min(pause * 1.5, LAST_POLL_MS);
  }
  warn(
    session,
    begun.flatMap(
      (flow) => (flow.run && (runWarning(flow, flow.run) ?? looks.warning(flow, flow.run))) ?? [],
    ),
  );
  return { next: 'done' };
}

/** Neither is anything waited for, nor enabled, nor run, nor told of the flows that the plan does not tell. */
export function hasNothingToWake(work: Work): boolean {
  return hasNothingToTell(work) && work.plan.actions.every(({ stub }) => !stub);
}

/** The flows are then just as the plan tells them, and nothing of them need be kept. */
function hasNothingToTell(work: Work): boolean {
  const { run } = work.header.request;
  if (run !== false || flowsToActivate(work).length > 0) return false;
  return work.plan.flows.every(({ webhooks }) => webhooks.length === 0);
}

function warn(session: Session, warnings: readonly Warning[]): void {
  if (warnings.length === 0) return;
  const { state } = session.record;
  session.record = { ...session.record, state: { ...state, warnings: [...state.warnings, ...warnings] } };
}

async function pendingAuthorizations(session: Session): Promise<PendingAuthorization[]> {
  const { work, accounts } = session;
  const stubs = work.plan.actions.flatMap((action, index) => (action.stub ? [index] : []));
  const pending: PendingAuthorization[] = [];
  await forEachConcurrently(stubs, OPEN_CALLS, async (index) => {
    const connectionId = work.targetIdOf(index);
    if (connectionId === undefined || (await accounts.target.ping(connectionId))) return;
    pending.push({ connectionId, name: work.action(index).name });
  });
  return pending.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function enable(ports: ClonePorts, session: Session): Promise<FlowReport[]> {
  const { work, accounts } = session;
  const flows = flowReports(work.plan, (sourceId) => work.targetId(sourceId));
  const woken = flowsToActivate(work);
  if (woken.length > 0)
    await ports.clones.save({ ...session.record, notes: { ...notesOf(session.record), woken: true } });
  session.record =
    woken.length > 0
      ? { ...session.record, notes: { ...notesOf(session.record), woken: true } }
      : session.record;
  await activateFlows(ports.clock, work, accounts.target, woken, underLease(session.context));
  const enabled = new Set(woken.map(({ index }) => work.action(index).sourceId));
  for (const flow of flows) if (enabled.has(flow.sourceId)) flow.disabled = false;
  await addWebhookUrls(ports, session, flows);
  await ports.clones.putPart(work.header.cloneId, FLOWS_PART, flows);
  return flows;
}

/** New webhook exports receive at addresses of their own: their senders must be told. */
async function addWebhookUrls(
  { clock }: ClonePorts,
  { work, accounts }: Session,
  flows: FlowReport[],
): Promise<void> {
  const byFlow = new Map(flows.map((flow) => [flow.sourceId, flow]));
  const exports = new Map<number, string>();
  for (const { webhooks } of work.plan.flows) {
    for (const index of webhooks) if (work.action(index).action === 'create') exports.set(index, '');
  }
  await forEachConcurrently([...exports.keys()], OPEN_CALLS, async (index) => {
    const targetId = work.targetIdOf(index) ?? '';
    const document = await untilThere(clock, () => accounts.target.get('export', targetId));
    if (document) exports.set(index, accounts.target.webhookUrl(document));
  });
  for (const planned of work.plan.flows) {
    const urls = planned.webhooks.flatMap((index) => exports.get(index) || []);
    const flow = byFlow.get(work.action(planned.index).sourceId);
    if (flow && urls.length > 0) flow.webhookUrls = urls;
  }
}

/** Starts the runs; what an earlier attempt may have started is not started again. */
async function beginRuns(ports: ClonePorts, session: Session, flows: FlowReport[]): Promise<FlowReport[]> {
  const { work, accounts } = session;
  const { cloneId } = work.header;
  const wanted = flowsToRun(work);
  if (wanted.length === 0) return flows;
  const byId = new Map(flows.map((flow) => [flow.sourceId, flow]));
  if (flows.some(({ run }) => run !== undefined)) return flows;
  if ((await ports.clones.getPart(cloneId, RUNS_PART)) !== undefined) {
    warn(session, [
      {
        code: 'run_unknown',
        message:
          'The runs may have been started before the clone was interrupted: they are not started again.',
      },
    ]);
    return flows;
  }
  await ports.clones.putPart(cloneId, RUNS_PART, true);
  session.record = {
    ...session.record,
    notes: { ...notesOf(session.record), runsBegunAt: ports.clock.now() },
  };
  const warnings: Warning[] = [];
  await forEachConcurrently(wanted, OPEN_CALLS, async (planned) => {
    const flow = byId.get(work.action(planned.index).sourceId);
    const { run, warning } = await startRun(work, accounts.target, planned, underLease(session.context));
    if (flow && run) flow.run = run;
    if (warning) warnings.push(warning);
  });
  warn(session, warnings);
  await ports.clones.putPart(cloneId, FLOWS_PART, flows);
  await ports.clones.save(session.record);
  return flows;
}

/**
 * Puts flows that were there before back to sleep, when a clone that woke them is undone. Only once an attempt: a
 * flow that integrator.io is slow to refuse must not take the time of all else whenever undoing goes on.
 *
 * @returns a problem for each flow that stays awake. One that is gone is none.
 * @throws what is no refusal of a single flow: a lost lease, or a token that is refused
 */
export async function sleepAgain(ports: ClonePorts, session: Session): Promise<Problem[]> {
  const { record, work } = session;
  if (notesOf(record)['woken'] !== true) return [];
  const part = `sleepless-${record.attempt}`;
  const known = await ports.clones.getPart<Problem[]>(record.cloneId, part);
  if (known !== undefined) return known;
  const flows = flowsToActivate(work).filter(({ index }) => work.action(index).action !== 'create');
  const sleepless: Problem[] = [];
  await forEachConcurrently(flows, OPEN_CALLS, async ({ index }) => {
    const problem = await putToSleep(session, index);
    if (problem !== undefined) sleepless.push(problem);
  });
  await ports.clones.putPart(record.cloneId, part, sleepless);
  return sleepless;
}

async function putToSleep({ work, accounts, context }: Session, index: number): Promise<Problem | undefined> {
  const { type, name, sourceId } = work.action(index);
  const targetId = work.targetIdOf(index);
  if (targetId === undefined) return undefined;
  try {
    const asleep = [{ op: 'replace', path: '/disabled', value: true }] as const;
    await accounts.target.patch('flow', targetId, asleep, underLease(context));
  } catch (error) {
    if (!UNDO_FAILURES.has(codeOf(error))) throw error;
    if (codeOf(error) === 'not_found') return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${type} "${name}" could not be put to sleep again: ${reason}`;
    return { code: 'undo_failed', message, type, sourceId };
  }
  return undefined;
}
