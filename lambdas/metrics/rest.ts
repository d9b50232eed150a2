import type { CloneRecord, CloneStore } from '../../core/ports.ts';
import { type Counted, tellRest } from './clone.ts';
import type { Metrics } from './emf.ts';

/** Beyond this many actions a plan is not read again only to be counted: it would fill the worker's memory. */
const COUNTED_UP_TO = 10_000;

/**
 * Counts a clone that has just come to rest, whoever brought it there: to be called once, by who stored that it
 * rests. A plan that can't be read is no reason to fail: the clone is counted without its actions.
 */
export async function countRest(
  metrics: Metrics,
  clones: Pick<CloneStore, 'getPart'>,
  record: CloneRecord,
): Promise<void> {
  tellRest(metrics, record, await actionsOf(clones, record).catch(() => []));
}

async function actionsOf(
  clones: Pick<CloneStore, 'getPart'>,
  { cloneId, state }: CloneRecord,
): Promise<Counted> {
  const total = Object.values(state.plan?.counts ?? {}).reduce((sum, count) => sum + count, 0);
  if (total === 0 || total > COUNTED_UP_TO) return [];
  const stored = await clones.getPart<{ plan: { actions: Counted } }>(cloneId, 'plan');
  return stored?.plan.actions ?? [];
}
