import { createMemoryRecordStore } from '../../adapters/memory/index.ts';
import { createSyncStore } from '../../adapters/sync-store.ts';
import type { JsonObject } from '../../core/model/resource.ts';
import { type RunRequest, type SyncInput, syncDefinition } from '../../core/model/sync.ts';
import {
  advanceRun,
  beginRun,
  objectionIn,
  type SyncPorts,
  type SyncRun,
  type TargetResult,
} from '../../core/sync/index.ts';
import type { Harness } from './harness.ts';

/** What a run came to. */
export interface RunOutcome {
  run: SyncRun;
  /** By account. */
  targets: Record<string, TargetResult>;
}

/** Syncs over a harness: children are carried on in this process, as a worker would. */
export interface SyncHarness {
  ports: SyncPorts;
  events: { type: string; detail: JsonObject }[];
  put(definition: SyncInput, name?: string): Promise<void>;
  run(request?: Partial<RunRequest>, name?: string): Promise<RunOutcome>;
  /** Carries a run that was begun through to its end. */
  goOn(runId: string, name?: string): Promise<RunOutcome>;
}

/** @param stepMs how long one step of a child may take */
export function createSyncHarness({ ports, engine }: Harness, stepMs = 60_000): SyncHarness {
  const events: SyncHarness['events'] = [];
  const syncs = createSyncStore({
    records: createMemoryRecordStore({ clock: ports.clock }),
    runRetentionDays: 90,
  });
  const syncPorts: SyncPorts = {
    ...ports,
    syncs,
    objection: objectionIn(syncs),
    worker: {
      start: async (cloneId) => {
        void (async () => {
          while ((await engine.advance(syncPorts, cloneId, stepMs)).next !== 'stop');
        })();
      },
    },
    events: {
      put: async (type, detail) => {
        events.push({ type, detail });
      },
    },
  };
  let count = 0;
  const goOn = async (runId: string, name = 'nightly'): Promise<RunOutcome> => {
    while ((await advanceRun(syncPorts, name, runId, 60_000)).next !== 'stop');
    const run = await syncPorts.syncs.getRun(name, runId);
    if (!run) throw new Error('the run is gone');
    const results = await syncPorts.syncs.results(runId);
    return { run, targets: Object.fromEntries([...results.values()].map((one) => [one.account, one])) };
  };
  return {
    ports: syncPorts,
    events,
    async put(definition, name = 'nightly') {
      await syncPorts.syncs.put(
        { name, definition: syncDefinition.parse(definition) },
        new Date().toISOString(),
      );
    },
    async run(request = {}, name = 'nightly') {
      const sync = await syncPorts.syncs.get(name);
      if (!sync) throw new Error('there is no such sync');
      count += 1;
      const origin = { trigger: 'request' as const, time: 1_000 + count, salt: `${name}-${count}` };
      const begun = await beginRun(syncPorts, sync, { mode: 'apply', ...request }, origin);
      return goOn(begun.runId, name);
    },
    goOn,
  };
}
