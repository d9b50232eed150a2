import { applyPlan, removeLateTwins } from '../apply/apply.ts';
import { FINDINGS_PART, settleSync } from '../apply/settle.ts';
import { settleDoubts, undoPlan } from '../apply/undo.ts';
import { isFinal, type Stage } from '../model/clone.ts';
import { codeOf, FlowferryError, type Problem } from '../model/problem.ts';
import type { JsonObject } from '../model/resource.ts';
import type { SyncOrder } from '../model/sync.ts';
import { offboard } from '../offboarding/index.ts';
import type { CloneRecord } from '../ports.ts';
import type { Advance, ClonePorts } from './contract.ts';
import { RefusedError } from './errors.ts';
import { startHeartbeat } from './heartbeat.ts';
import { addErrors } from './many.ts';
import { secondsToWait } from './patience.ts';
import { BusyError, planForReport, prepare, reopen } from './prepare.ts';
import { problemsOf } from './record.ts';
import { notesOf } from './report.ts';
import { refreshed, type Session } from './session.ts';
import { sleepAgain, wake } from './waking.ts';

/** Codes of errors that are integrator.io's or a caller's doing: the clone ends, and says so. */
const FINAL_CODES: ReadonlySet<string> = new Set([
  'account_unauthorized',
  'account_not_found',
  'account_changed',
  'upstream_failed',
  'refused',
  'not_found',
  'answer_lost',
  'document_too_deep',
  'invalid_account',
  'verification_failed',
  'reference_left',
  'override_failed',
  'masked_value',
  'target_vanished',
  'order_broken',
  'canceled',
  'sync_conflict',
]);

/** Seconds until a clone that found its target busy looks again. */
const BUSY_SECONDS = 1;

export interface AdvanceSettings {
  /** How long a create whose answer was lost is given to land before the target is asked again, ms. */
  adoptionWaitMs: number;
}

/**
 * Does the next bounded piece of a clone's work. What it does, it finds in the store alone: any process may call
 * it, again after any kill, and the clone goes on where it was. Sessions only save loading the same plan again.
 */
export async function advance(
  ports: ClonePorts,
  sessions: Map<string, Session>,
  settings: AdvanceSettings,
  cloneId: string,
  budgetMs: number,
): Promise<Advance> {
  const record = await ports.clones.get(cloneId);
  if (record === undefined) throw new FlowferryError('clone_not_found', `There is no clone ${cloneId}.`);
  if (isFinal(record.status) && (record.wish !== 'rollback' || record.origin?.kind === 'offboarding'))
    return { next: 'stop', status: record.status };
  const deadline = ports.clock.monotonic() + budgetMs;
  let session = sessions.get(cloneId);
  try {
    if (record.order?.mode === 'report') return await report(ports, record, record.order);
    if (record.origin?.kind === 'offboarding') return await offboard(ports, record, deadline);
    if (session && session.record.attempt !== record.attempt) session = undefined;
    if (session) session.record = record;
    else session = await openFor(ports, record, settings);
    sessions.set(cloneId, session);
    const result = await orFailed(ports, session, () => carryOn(ports, session as Session, deadline));
    if (result.next === 'stop') await close(sessions, session);
    return result;
  } catch (error) {
    if (session) await close(sessions, session);
    return await afterError(ports, session?.record ?? record, error);
  }
}

/** A sync that only reports: the plan's findings are all that is kept. */
async function report(ports: ClonePorts, record: CloneRecord, order: SyncOrder): Promise<Advance> {
  const findings = await planForReport(ports, record, order);
  await ports.clones.putPart(record.cloneId, FINDINGS_PART, findings);
  const endedAt = new Date(ports.clock.now()).toISOString();
  const progress = { ...record.state.progress, stage: 'done' as const };
  const state = { ...record.state, status: 'succeeded' as const, endedAt, progress };
  await ports.clones.save({ ...record, status: 'succeeded', endedAt, state });
  return { next: 'stop', status: 'succeeded' };
}

async function close(sessions: Map<string, Session>, session: Session): Promise<void> {
  sessions.delete(session.record.cloneId);
  // A lease that could not be given back expires by itself.
  await session.lease.release().catch(() => undefined);
}

/** The stored plan where there is one; otherwise both accounts are read and the plan is made. */
async function openFor(ports: ClonePorts, record: CloneRecord, settings: AdvanceSettings): Promise<Session> {
  const { adoptionWaitMs } = settings;
  const reopened = record.notes?.['pair'] ? await reopen(ports, record, adoptionWaitMs) : undefined;
  if (reopened) return reopened;
  const session = await prepare(ports, record, adoptionWaitMs);
  const { plan } = session.work;
  const { fingerprint, counts, cost } = plan;
  session.record = {
    ...session.record,
    state: { ...record.state, plan: { fingerprint, counts, cost } },
    notes: { ...notesOf(record), pair: { ...session.work.header.pair } },
  };
  // Both must be durable before the first create is sent; neither needs the other to be.
  await Promise.all([enter(ports, session, 'applying'), session.context.intents.begin()]);
  return session;
}

/** Marks the next stage; the record then tells what a process that takes over has to do. */
async function enter(ports: ClonePorts, session: Session, stage: Stage): Promise<void> {
  const record = refreshed(session, ports.clock.now());
  session.record = { ...record, state: { ...record.state, progress: { ...record.state.progress, stage } } };
  await ports.clones.save(session.record);
  ports.log.info('clone stage', { cloneId: record.cloneId, stage });
}

/** What goes wrong for good while a plan is carried out ends the clone as `onFailure` says. */
async function orFailed(ports: ClonePorts, session: Session, work: () => Promise<Advance>): Promise<Advance> {
  try {
    return await work();
  } catch (error) {
    const isUndoing = session.record.state.progress.stage === 'undoing';
    if (isUndoing || !FINAL_CODES.has(codeOf(error))) throw error;
    return failed(ports, session, [error]);
  }
}

async function carryOn(ports: ClonePorts, session: Session, deadline: number): Promise<Advance> {
  if (session.record.wish === 'rollback') return undoing(ports, session, deadline);
  switch (session.record.state.progress.stage) {
    case 'undoing':
      return undoing(ports, session, deadline);
    case 'waking':
      return waking(ports, session, deadline);
    default:
      return applying(ports, session, deadline);
  }
}

async function applying(ports: ClonePorts, session: Session, deadline: number): Promise<Advance> {
  if (session.record.state.progress.stage !== 'applying') {
    const { settled: _settled, ...notes } = notesOf(session.record);
    session.record = { ...session.record, notes };
    await enter(ports, session, 'applying');
  }
  const heartbeat = startHeartbeat(ports, session);
  const isDue = (): boolean => ports.clock.monotonic() >= deadline;
  const shouldStop = (): boolean =>
    isDue() || heartbeat.wish() !== undefined || heartbeat.failure() !== undefined;
  try {
    const { finished, errors } = await applyPlan(session.context, shouldStop);
    if (heartbeat.failure() !== undefined) throw heartbeat.failure();
    if (errors.length > 0) {
      await heartbeat.stop();
      return failed(ports, session, errors);
    }
    if (heartbeat.wish() !== undefined) {
      await heartbeat.stop();
      return failed(ports, session, [new FlowferryError('canceled', 'The clone was canceled.')]);
    }
    if (!finished) return { next: 'again' };
    await heartbeat.stop();
    // Each answer was verified as it came; what is left to verify is that no create was done twice.
    if (session.context.resent.size > 0) await enter(ports, session, 'verifying');
    await reportTwins(session);
    await settleTarget(session);
    await enter(ports, session, 'waking');
  } finally {
    await heartbeat.stop();
  }
  return waking(ports, session, deadline);
}

/** Last of all that is written: what a sync prunes, and what the ledger learns of the copies it left as they are. */
async function settleTarget(session: Session): Promise<void> {
  if (session.work.plan.sync === undefined) return;
  const warnings = await settleSync(session.context);
  const { state } = session.record;
  session.record = { ...session.record, state: { ...state, warnings: [...state.warnings, ...warnings] } };
}

async function reportTwins(session: Session): Promise<void> {
  if (session.context.resent.size === 0) return;
  const removed = await removeLateTwins(session.context);
  if (removed.length === 0) return;
  const warnings = removed.map(({ type, targetId, name }) => ({
    code: 'late_twin_removed',
    message: `The ${type} ${targetId} "${name}" was a second copy, made by a call whose answer was lost: it was deleted.`,
  }));
  const { state } = session.record;
  session.record = { ...session.record, state: { ...state, warnings: [...state.warnings, ...warnings] } };
}

async function waking(ports: ClonePorts, session: Session, deadline: number): Promise<Advance> {
  if (session.record.wish === 'cancel') {
    return failed(ports, session, [new FlowferryError('canceled', 'The clone was canceled.')]);
  }
  const result = await wake(ports, session, deadline);
  if (result.next !== 'done') return result;
  return end(ports, session, 'succeeded');
}

/** Ends a clone that went wrong for good as `onFailure` says. */
async function failed(ports: ClonePorts, session: Session, errors: readonly unknown[]): Promise<Advance> {
  const superseding = errors.find((error) => isOurs(error));
  if (superseding !== undefined) throw superseding;
  const problems = errors.flatMap(problemsOf);
  const record = await addErrors(ports, session.record, problems);
  session.record = { ...record, notes: { ...notesOf(record), cause: { code: causeOf(errors) } } };
  ports.log.warn('clone failed', { cloneId: record.cloneId, code: causeOf(errors), errors: problems.length });
  if (record.request.onFailure === 'keep') return end(ports, session, 'partial');
  await enter(ports, session, 'undoing');
  return { next: 'again' };
}

async function undoing(ports: ClonePorts, session: Session, deadline: number): Promise<Advance> {
  if (session.record.state.progress.stage !== 'undoing') await enter(ports, session, 'undoing');
  const heartbeat = startHeartbeat(ports, session);
  let left: Problem[];
  try {
    await sleepAgain(session);
    await settleOnce(ports, session);
    left = await undoPlan(
      session.context,
      () => ports.clock.monotonic() >= deadline || heartbeat.failure() !== undefined,
    );
    if (heartbeat.failure() !== undefined) throw heartbeat.failure();
  } finally {
    await heartbeat.stop();
  }
  if (left.length === 0 && ports.clock.monotonic() >= deadline && hasMore(session)) return { next: 'again' };
  session.record = await addErrors(ports, session.record, left);
  await ports.clones.wish(session.record.cloneId, undefined);
  return end(ports, session, left.length === 0 ? 'rolled-back' : 'failed');
}

/** Once, before anything is deleted. */
async function settleOnce(ports: ClonePorts, session: Session): Promise<void> {
  if (notesOf(session.record)['settled'] === true) return;
  await settleDoubts(session.context);
  session.record = { ...session.record, notes: { ...notesOf(session.record), settled: true } };
  await ports.clones.save(session.record);
}

function hasMore({ work }: Session): boolean {
  return work.plan.actions.some(({ action }, index) => {
    if (work.status[index] === 'undone') return false;
    return action === 'update' || (action === 'create' && work.targetIdOf(index) !== undefined);
  });
}

async function end(ports: ClonePorts, session: Session, status: CloneRecord['status']): Promise<Advance> {
  const now = ports.clock.now();
  const endedAt = new Date(now).toISOString();
  const record = refreshed(session, now);
  const { secondsLeft: _none, ...progress } = record.state.progress;
  session.record = {
    ...record,
    status,
    endedAt,
    state: { ...record.state, status, endedAt, progress: { ...progress, stage: 'done' } },
  };
  await ports.clones.save(session.record);
  ports.log.info('clone ended', { cloneId: record.cloneId, status });
  return { next: 'stop', status };
}

/** Our own trouble, such as a lost lease: the clone itself has not failed. */
function isOurs(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'superseded' || code === 'lease_lost' || code === 'storage_unavailable';
}

/** What the caller is told as the cause: the account's refusal before anything else. */
function causeOf(errors: readonly unknown[]): string {
  const codes = errors.map(codeOf);
  if (codes.includes('account_unauthorized')) return 'account_unauthorized';
  return 'upstream_failed';
}

/** Before the plan is stored nothing was written: the clone is refused. Later it can always be gone on with. */
async function afterError(ports: ClonePorts, record: CloneRecord, error: unknown): Promise<Advance> {
  if (error instanceof BusyError) return { next: 'later', seconds: BUSY_SECONDS };
  const code = codeOf(error);
  if (code === 'superseded') return { next: 'stop', status: 'superseded' };
  const isBegun = record.notes?.['pair'] !== undefined || record.origin?.kind === 'offboarding';
  const pause =
    code === 'account_not_found' && !isBegun ? secondsToWait(record, ports.clock.now()) : undefined;
  if (pause !== undefined) {
    await ports.clones.save({ ...record, heartbeatAt: new Date(ports.clock.now()).toISOString() });
    return { next: 'later', seconds: pause };
  }
  const isKnown = error instanceof RefusedError || FINAL_CODES.has(code);
  if (!isKnown) throw error;
  if (error instanceof RefusedError && error.sync) {
    await ports.clones.putPart(record.cloneId, FINDINGS_PART, error.sync);
  }
  const known = await addErrors(ports, record, problemsOf(error));
  const endedAt = new Date(ports.clock.now()).toISOString();
  const refusal = error instanceof RefusedError ? code : refusalCode(code);
  const note: JsonObject = isBegun ? { cause: { code: refusal } } : { refusal: { code: refusal } };
  const plan = error instanceof RefusedError ? error.state?.plan : undefined;
  const status = isBegun ? (record.request.onFailure === 'keep' ? 'partial' : 'failed') : 'failed';
  await ports.clones.save({
    ...known,
    status,
    endedAt,
    state: {
      ...known.state,
      ...(plan ? { plan } : {}),
      status,
      endedAt,
      progress: { ...record.state.progress, stage: isBegun ? record.state.progress.stage : 'done' },
    },
    notes: { ...notesOf(record), ...note },
  });
  ports.log.warn('clone ended by an error', { cloneId: record.cloneId, code });
  return { next: 'stop', status };
}

const REFUSAL_CODES: ReadonlySet<string> = new Set([
  'account_unauthorized',
  'account_changed',
  'account_not_found',
]);

function refusalCode(code: string): string {
  return REFUSAL_CODES.has(code) ? code : 'upstream_failed';
}
