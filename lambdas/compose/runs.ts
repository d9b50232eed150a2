import { createSyncStore } from '../../adapters/sync-store.ts';
import type { ClonePorts } from '../../core/clone/contract.ts';
import type { WorkerStarter } from '../../core/ports.ts';
import type { RunCarrier } from '../../core/sync/carry.ts';
import type { SyncStore } from '../../core/sync/store.ts';
import { objectionIn } from '../../core/sync/superseding.ts';
import type { Environment } from '../environment.ts';
import { lazily } from './lazily.ts';
import type { CloneParts } from './parts.ts';

/** Carries syncs' runs on. What it takes is loaded when the first run comes. */
export function runsOf(
  environment: Environment,
  { ports, records }: Pick<CloneParts, 'ports' | 'records'>,
  worker: WorkerStarter,
): RunCarrier {
  const carrier = lazily(async () => {
    const [{ carryRun }, { eventsOf }] = await Promise.all([
      import('../../core/sync/carry.ts'),
      import('./events.ts'),
    ]);
    const syncs = syncsOf(environment, records);
    return carryRun({ ...ports, syncs, worker, events: eventsOf(environment, ports.log) });
  });
  return {
    advance: async (job, budgetMs) => (await carrier()).advance(job, budgetMs),
    giveUp: async (job) => (await carrier()).giveUp(job),
    handOver: async (job) => (await carrier()).handOver(job),
  };
}

/** What runs of syncs have against a clone that one of them began. */
export function objectionOf(
  environment: Environment,
  { records }: Pick<CloneParts, 'records'>,
): ClonePorts['objection'] {
  return objectionIn(syncsOf(environment, records));
}

function syncsOf(environment: Environment, records: CloneParts['records']): SyncStore {
  return createSyncStore({ records, runRetentionDays: environment.FLOWFERRY_CLONE_DAYS });
}
