import type { ActionKind } from '../../core/model/clone.ts';
import type { ResourceType } from '../../core/model/resource.ts';
import type { CloneRecord } from '../../core/ports.ts';
import type { Metrics } from './emf.ts';

/** What of a plan's actions is counted. */
export type Counted = readonly { action: ActionKind; type: ResourceType }[];

/** How long a clone waited for a worker, when its first one begins. */
export function tellBegin(metrics: Metrics, { createdAt, cloneId, attempt }: CloneRecord, now: number): void {
  if (attempt > 1) return;
  metrics.put({ QueueWaitMs: Math.max(0, now - Date.parse(createdAt)) }, { facts: { cloneId } });
}

/** What became of a clone that has come to rest, and how long it took. */
export function tellRest(metrics: Metrics, { cloneId, status, state }: CloneRecord, actions: Counted): void {
  const asWished = status === 'succeeded' || status === 'waiting' || state.errors.length === 0;
  metrics.put(
    { Clones: 1, ClonesFailed: asWished ? 0 : 1, CloneDurationMs: state.stats.durationMs },
    { dimensions: { Status: status }, facts: { cloneId } },
  );
  for (const [key, Actions] of countsOf(actions)) {
    const [Type = '', Kind = ''] = key.split(' ');
    metrics.put({ Actions }, { dimensions: { Type, Kind }, facts: { cloneId } });
  }
}

function countsOf(actions: Counted): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { type, action } of actions) {
    const key = `${type} ${action}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
