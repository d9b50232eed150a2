import { usedSince } from '../../core/clone/used-since.ts';
import type { CloneStatus } from '../../core/model/clone.ts';
import type { CloneRecord } from '../../core/ports.ts';
import { refusalOf } from '../clone/outcome.ts';
import type { Reply } from '../http/call.ts';
import { ProblemError } from '../http/problem.ts';
import { json } from '../http/reply.ts';
import type { ClonesPorts } from './ports.ts';

const RESUMABLE: ReadonlySet<CloneStatus> = new Set<CloneStatus>(['failed', 'partial', 'waiting']);
const UNDOABLE: ReadonlySet<CloneStatus> = new Set<CloneStatus>([
  'succeeded',
  'failed',
  'partial',
  'waiting',
]);

/** Goes on with a clone that failed, waits or stands still, as a new attempt. */
export async function resume(ports: ClonesPorts, record: CloneRecord): Promise<Reply> {
  if (!RESUMABLE.has(record.status) && !standsStill(ports, record)) {
    throw new ProblemError('clone_not_resumable', `A clone that is ${record.status} can not go on.`);
  }
  if (lacksSource(record)) {
    const message = 'It was never planned, and its run is over: run the sync again.';
    throw new ProblemError('clone_not_resumable', message);
  }
  // One that waits for the customer has written all it will, and one that no plan was stored of makes a new one.
  const later =
    record.status === 'waiting' || !record.notes?.['pair'] ? undefined : await usedSince(ports, record);
  if (later !== undefined) {
    const message = `Clone ${later} has written the same objects since: clone again instead.`;
    throw new ProblemError('clone_not_resumable', message);
  }
  await ports.clones.wish(record.cloneId, undefined);
  return accepted(ports, await newAttempt(ports, record));
}

/**
 * Asks a clone to stop after the calls under way. One that has no worker just now gets one, to see the wish; one
 * that has ended has nothing to stop, and is answered as it is.
 */
export async function cancel(ports: ClonesPorts, record: CloneRecord): Promise<Reply> {
  if (record.status !== 'running' && record.status !== 'waiting') return accepted(ports, record);
  await ports.clones.wish(record.cloneId, 'cancel');
  const idle = record.status === 'waiting' || standsStill(ports, record);
  return accepted(ports, idle ? await newAttempt(ports, record) : record);
}

/** Undoes what a clone did, as a new attempt that finds the wish. A clone that was refused did nothing. */
export async function rollback(ports: ClonesPorts, record: CloneRecord): Promise<Reply> {
  if (!UNDOABLE.has(record.status)) {
    throw new ProblemError('clone_not_undoable', `A clone that is ${record.status} can not be undone.`);
  }
  const later = await usedSince(ports, record);
  if (later !== undefined) {
    const message = `Clone ${later} has built on its copies since: undo that one first.`;
    throw new ProblemError('clone_not_undoable', message);
  }
  if (record.origin?.kind === 'offboarding') {
    throw new ProblemError('clone_not_undoable', 'What was removed can not be brought back; clone it anew.');
  }
  if (refusalOf(record) !== undefined || lacksSource(record)) {
    throw new ProblemError('clone_not_undoable', 'The clone was refused before it wrote anything.');
  }
  await ports.clones.wish(record.cloneId, 'rollback');
  return accepted(ports, await newAttempt(ports, record));
}

/** What a sync's run read for its targets goes with it: who has no plan by then can't make one any more. */
function lacksSource({ order, status, notes }: CloneRecord): boolean {
  return order !== undefined && status !== 'running' && !notes?.['pair'];
}

/** Running by its record, but its worker has been silent for too long to be alive. */
function standsStill({ clock, settings }: ClonesPorts, record: CloneRecord): boolean {
  const lastSign = Date.parse(record.heartbeatAt ?? record.createdAt);
  return record.status === 'running' && clock.now() - lastSign > settings.stallAfterMs;
}

/** An execution's name is its clone and attempt: only a new attempt makes a new execution. */
async function newAttempt(ports: ClonesPorts, record: CloneRecord): Promise<CloneRecord> {
  const { endedAt: _endedAt, wish: _wish, notes, ...kept } = record;
  const { refusal: _refusal, cause: _cause, ...otherNotes } = notes ?? {};
  const { endedAt: _stateEndedAt, ...state } = record.state;
  const next: CloneRecord = {
    ...kept,
    status: 'running',
    attempt: record.attempt + 1,
    state: { ...state, status: 'running', errors: [] },
    heartbeatAt: new Date(ports.clock.now()).toISOString(),
    notes: otherNotes,
  };
  await ports.clones.save(next);
  await ports.worker.start(next.cloneId, next.attempt);
  return next;
}

async function accepted(ports: ClonesPorts, record: CloneRecord): Promise<Reply> {
  return json(202, await ports.engine.reportOf(ports, record), { location: `/clones/${record.cloneId}` });
}
