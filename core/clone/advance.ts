import { applyPlan } from '../apply/apply.ts';
import { deleteGone } from '../apply/gone.ts';
import { FINDINGS_PART, settleSync } from '../apply/settle.ts';
import { isFinal } from '../model/clone.ts';
import { FlowferryError } from '../model/problem.ts';
import type { SyncOrder } from '../model/sync.ts';
import { offboard } from '../offboarding/index.ts';
import type { CloneRecord } from '../ports.ts';
import type { Advance, ClonePorts } from './contract.ts';
import { afterError, failed, isFinalError } from './failure.ts';
import { alive, startHeartbeat } from './heartbeat.ts';
import { planForReport, prepare, reopen } from './prepare.ts';
import { notesOf } from './report.ts';
import type { Session } from './session.ts';
import { end, enter } from './stage.ts';
import { removeTwins, twinsLanded } from './twins.ts';
import { undoing } from './undoing.ts';
import { hasNothingToWake, wake } from './waking.ts';

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
  if (isFinal(record.status) && (record.wish !== 'rollback' || record.origin?.kind === 'offboarding')) {
    // Whoever ended it may have died before this.
    await ports.clones.retire(cloneId);
    return { next: 'stop', status: record.status };
  }
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
  if (reopened) {
    if (!isUndoing(record)) await refuseOvertaken(reopened);
    return reopened;
  }
  const session = await prepare(ports, record, adoptionWaitMs);
  const { plan } = session.work;
  const { fingerprint, counts, cost } = plan;
  session.record = {
    ...session.record,
    state: { ...record.state, plan: { fingerprint, counts, cost } },
    notes: { ...notesOf(record), pair: { ...session.work.header.pair } },
  };
  // From here on the stored plan is the one that is carried out.
  await enter(ports, session, 'applying');
  return session;
}

function isUndoing({ wish, state }: CloneRecord): boolean {
  return wish === 'rollback' || state.progress.stage === 'undoing';
}

/**
 * A plan that was left lying while another clone made copies of the same objects would make them a second time. Nor is
 * anything of it undone: the other clone may have built on it.
 */
async function refuseOvertaken({ work, lease }: Session): Promise<void> {
  if (work.overtaken.size === 0) return;
  await lease.release().catch(() => undefined);
  const problems = [...work.overtaken].map(([index, cloneId]) => {
    const { type, name, sourceId } = work.action(index);
    const message = `Clone ${cloneId} has made a copy of ${type} "${name}" since: clone again instead.`;
    return { code: 'written_since', message, type, sourceId };
  });
  throw new FlowferryError('written_since', 'Another clone has made copies of the same objects since.', {
    problems,
  });
}

/** What goes wrong for good while a plan is carried out ends the clone as `onFailure` says. */
async function orFailed(ports: ClonePorts, session: Session, work: () => Promise<Advance>): Promise<Advance> {
  try {
    return await work();
  } catch (error) {
    const isUndoing = session.record.state.progress.stage === 'undoing';
    if (isUndoing || !isFinalError(error)) throw error;
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

function canceled(ports: ClonePorts, session: Session): Promise<Advance> {
  return failed(ports, session, [new FlowferryError('canceled', 'The clone was canceled.')]);
}

/**
 * A wish may have come while the accounts were read, or since the last heartbeat: it is looked for before the first
 * write, and before anything is woken.
 */
async function isUnwanted(ports: ClonePorts, session: Session): Promise<boolean> {
  if (session.record.wish === 'cancel') return true;
  return (await ports.clones.get(session.record.cloneId))?.wish === 'cancel';
}

async function applying(ports: ClonePorts, session: Session, deadline: number): Promise<Advance> {
  if (await isUnwanted(ports, session)) return canceled(ports, session);
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
      return canceled(ports, session);
    }
    if (!finished) return { next: 'again' };
    await twinsLanded(ports, session);
    await heartbeat.stop();
    if (heartbeat.failure() !== undefined) throw heartbeat.failure();
    if (await isUnwanted(ports, session)) return canceled(ports, session);
    // Each answer was verified as it came; what is left to verify is that no create was done twice.
    if (session.context.resent.size > 0) await enter(ports, session, 'verifying');
    await removeTwins(session);
    if (session.work.plan.sync !== undefined) {
      await alive(ports, session, () => settleSync(session.context));
    } else if (hasNothingToWake(session.work)) return end(ports, session, 'succeeded');
    await enter(ports, session, 'waking');
  } finally {
    await heartbeat.stop();
  }
  return waking(ports, session, deadline);
}

/** Last of all, once nothing can fail any more: what no undoing brings back. */
async function deleteLast(
  ports: ClonePorts,
  session: Session,
  deadline: number,
): Promise<Advance | undefined> {
  if (session.work.plan.sync === undefined) return undefined;
  const isDue = (): boolean => ports.clock.monotonic() >= deadline;
  const warnings = await alive(ports, session, () => deleteGone(session.context, isDue));
  if (warnings === undefined) return { next: 'again' };
  const { state } = session.record;
  session.record = { ...session.record, state: { ...state, warnings: [...state.warnings, ...warnings] } };
  return undefined;
}

async function waking(ports: ClonePorts, session: Session, deadline: number): Promise<Advance> {
  if (session.record.wish === 'cancel') return canceled(ports, session);
  const result = await wake(ports, session, deadline);
  if (result.next !== 'done') return result;
  const more = await deleteLast(ports, session, deadline);
  if (more !== undefined) return more;
  return end(ports, session, 'succeeded');
}
