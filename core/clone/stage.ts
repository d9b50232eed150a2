import type { Stage } from '../model/clone.ts';
import { RENEW_WITHIN_MS } from '../model/lease.ts';
import type { CloneRecord } from '../ports.ts';
import type { Advance, ClonePorts } from './contract.ts';
import { refreshed, type Session } from './session.ts';

/** Marks the next stage; the record then tells what a process that takes over has to do. */
export async function enter(ports: ClonePorts, session: Session, stage: Stage): Promise<void> {
  await stillHeld(session);
  const record = refreshed(session, ports.clock.now());
  session.record = { ...record, state: { ...record.state, progress: { ...record.state.progress, stage } } };
  await ports.clones.save(session.record);
  ports.log.info('clone stage', { cloneId: record.cloneId, stage });
}

/** Marks a clone's end; nothing is written to its target any more. */
export async function end(
  ports: ClonePorts,
  session: Session,
  status: CloneRecord['status'],
): Promise<Advance> {
  await stillHeld(session);
  const now = ports.clock.now();
  const endedAt = new Date(now).toISOString();
  const record = refreshed(session, now);
  const { secondsLeft: _none, ...progress } = record.state.progress;
  // Of an undone clone there is no connection left to authorise.
  const gone = status === 'rolled-back' ? { pendingAuthorizations: [] } : {};
  session.record = {
    ...record,
    status,
    endedAt,
    state: { ...record.state, ...gone, status, endedAt, progress: { ...progress, stage: 'done' } },
  };
  await ports.clones.end(session.record);
  ports.log.info('clone ended', { cloneId: record.cloneId, status });
  await ports.clones.retire(record.cloneId);
  return { next: 'stop', status };
}

/** A worker that has lost its lease has no say in the record any more (`lease_lost`). */
async function stillHeld({ lease }: Session): Promise<void> {
  if (lease.sinceRenewalMs() >= RENEW_WITHIN_MS) await lease.renew();
}
