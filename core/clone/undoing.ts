import { deregister } from '../apply/registering.ts';
import { unsettle } from '../apply/settle.ts';
import { stillUsed } from '../apply/still-used.ts';
import { settleDoubts, undoPlan } from '../apply/undo.ts';
import type { Problem } from '../model/problem.ts';
import type { Advance, ClonePorts } from './contract.ts';
import { startHeartbeat } from './heartbeat.ts';
import { addErrors } from './many.ts';
import { notesOf } from './report.ts';
import type { Session } from './session.ts';
import { end, enter } from './stage.ts';
import { removeTwins, twinsLanded } from './twins.ts';
import { sleepAgain } from './waking.ts';

/** Undoes what a clone did, as far as the deadline allows. */
export async function undoing(ports: ClonePorts, session: Session, deadline: number): Promise<Advance> {
  if (session.record.state.progress.stage !== 'undoing') await enter(ports, session, 'undoing');
  const heartbeat = startHeartbeat(ports, session);
  let left: Problem[];
  try {
    const sleepless = await sleepAgain(ports, session);
    await settleOnce(ports, session);
    const pruned = await unsettle(session.context);
    const undone = await undoPlan(
      session.context,
      () => ports.clock.monotonic() >= deadline || heartbeat.failure() !== undefined,
      { refused: session.refusedUndos, staying: await stayingOf(session) },
    );
    if (heartbeat.failure() !== undefined) throw heartbeat.failure();
    if (undone.isCut) return { next: 'again' };
    // Of a clone that has ended the tenant may have come to use them.
    if (session.record.wish !== 'rollback') await deregister(session.context);
    left = [...undone.left, ...sleepless, ...pruned];
  } finally {
    await heartbeat.stop();
  }
  session.record = await addErrors(ports, session.record, left);
  await ports.clones.wish(session.record.cloneId, undefined);
  return end(ports, session, left.length === 0 ? 'rolled-back' : 'failed');
}

/**
 * What somebody has come to need of a clone that is undone when it has ended: by then it is in use. What a clone made
 * that undoes itself is minutes old, and was asleep.
 */
async function stayingOf({ record, work, accounts }: Session): Promise<ReadonlySet<string>> {
  if (record.wish !== 'rollback') return new Set();
  const made = work.plan.actions.flatMap(({ action }, index) =>
    action === 'create' && work.status[index] !== 'undone' ? (work.targetIdOf(index) ?? []) : [],
  );
  return made.length === 0 ? new Set() : stillUsed(accounts.target, new Set(made));
}

/** Once, before anything is deleted. */
async function settleOnce(ports: ClonePorts, session: Session): Promise<void> {
  if (notesOf(session.record)['settled'] === true) return;
  await twinsLanded(ports, session);
  await removeTwins(session);
  await settleDoubts(session.context);
  session.record = { ...session.record, notes: { ...notesOf(session.record), settled: true } };
  await ports.clones.save(session.record);
}
