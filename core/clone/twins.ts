import { removeLateTwins } from '../apply/apply.ts';
import type { ClonePorts } from './contract.ts';
import type { Session } from './session.ts';

/**
 * A create that was sent again may have been made twice, should its lost try land after all. It is given so many times
 * as long as a create in doubt before the last look: with the usual two seconds, ten.
 */
const LANDING_FACTOR = 5;

/** Waits until what was lost and sent again has landed, if it ever will. */
export async function twinsLanded({ clock }: ClonePorts, session: Session): Promise<void> {
  const { resent } = session.context;
  if (resent.size === 0) return;
  const due = Math.max(...resent.values()) + LANDING_FACTOR * session.adoptionWaitMs;
  await clock.sleep(Math.max(0, due - clock.monotonic()));
}

/**
 * Deletes what is there twice, and tells of it. Must come before anything is woken, and before the copies are deleted
 * that a twin is known by.
 */
export async function removeTwins({ context }: Session): Promise<void> {
  if (context.resent.size === 0) return;
  for (const { type, targetId, name } of await removeLateTwins(context)) {
    context.warn({
      code: 'late_twin_removed',
      message: `The ${type} ${targetId} "${name}" was a second copy, made by a call whose answer was lost: it was deleted.`,
    });
  }
}
