import { FlowferryError } from './problem.ts';

/**
 * How old the last renewal of a lease may be, ms, when something is sent under it. Whoever works under a lease renews
 * it at least this often, so that it can be seen to be alive.
 */
export const RENEW_WITHIN_MS = 2_000;

/**
 * How long, ms, a lease that its own clone never gave back must stand still before the clone takes it anew: longer
 * than `RENEW_WITHIN_MS`, so that whatever was sent under it is on its way for a second by then.
 */
export const TAKE_OVER_MS = 3_000;

/** `clone_in_progress`: the pair is being written already; its problem names the clone that does. */
export function leaseHeld(holder: string): FlowferryError {
  const message = `Clone ${holder} is writing from this source account into this target account.`;
  return new FlowferryError('clone_in_progress', message, {
    problems: [{ code: 'clone_in_progress', message, candidates: [{ id: holder, name: 'clone' }] }],
  });
}

/** `superseded`: a newer attempt carries the clone on, and this one must not write any more. */
export function superseded(cloneId: string): FlowferryError {
  return new FlowferryError('superseded', `A newer attempt carries on clone ${cloneId}.`);
}

/** `lease_lost`: another clone, or a later worker of the same, has taken the lease. */
export function leaseLost(): FlowferryError {
  return new FlowferryError(
    'lease_lost',
    'Another clone, or another worker of this one, has taken over the right to write into this target.',
  );
}
