import { codeOf } from '../model/problem.ts';
import type { Lease } from '../ports.ts';
import type { ApplyContext } from './context.ts';

/** How long somebody else's turn is waited for before it is asked for again, ms. */
const PAUSE_MS = 100;

/**
 * Reads and writes back an integration that is no clone's copy, one clone at a time: clones of other sources, whose
 * leases are others, may add their flow groups to it just now, and the last PUT would take away what another added.
 */
export async function alone<T>(
  context: ApplyContext,
  integrationId: string,
  task: () => Promise<T>,
): Promise<T> {
  const turn = await takeTurn(context, integrationId);
  try {
    return await task();
  } finally {
    // One that could not be given back expires by itself.
    await turn.release().catch(() => undefined);
  }
}

async function takeTurn({ ledger, clock, work }: ApplyContext, integrationId: string): Promise<Lease> {
  const { cloneId, pair } = work.header;
  for (;;) {
    try {
      return await ledger.acquire({ source: `integration:${integrationId}`, target: pair.target }, cloneId);
    } catch (error) {
      if (codeOf(error) !== 'clone_in_progress') throw error;
      await clock.sleep(PAUSE_MS);
    }
  }
}
