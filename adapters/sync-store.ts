import { type StoredSync, type SyncRun, summaryOf, type TargetResult } from '../core/sync/run.ts';
import type { PageOf, SyncStore } from '../core/sync/store.ts';
import type { RecordStore } from './records.ts';

const SYNCS = 'syncs';
const RUNS = 'sync-runs';
const RESULTS = 'sync-results';
const UNFINISHED = 'sync-unfinished';

/** How often a change is tried against others that change the same record at the same time. */
const MOST_TRIES = 20;

/** The largest page of results that is asked for at once. */
const PAGE = 200;

/** Runs that are looked at together for newer ones: a run is large, and nearly always the newest itself. */
const NEWEST = 2;

/** Syncs and their runs among the small records. Runs and their results expire; syncs stay. */
export function createSyncStore({
  records,
  runRetentionDays,
}: {
  records: RecordStore;
  runRetentionDays: number;
}): SyncStore {
  const ttlSeconds = runRetentionDays * 86_400;
  const runKey = (sync: string, runId: string): string => `${sync}.${runId}`;
  const resultKey = (runId: string, position: number): string =>
    `${runId}.${String(position).padStart(5, '0')}`;

  async function changeRecord<T>(
    collection: string,
    id: string,
    change: (value: T) => T,
    ttl?: number,
  ): Promise<T | undefined> {
    for (let tries = 1; ; tries += 1) {
      const stored = await records.get<T>(collection, id);
      if (stored === undefined) return undefined;
      const value = change(stored.value);
      const options = { ifVersion: stored.version, ...(ttl === undefined ? {} : { ttlSeconds: ttl }) };
      if ((await records.put(collection, id, value, options)) !== undefined) return value;
      if (tries >= MOST_TRIES) throw new Error(`The record ${id} is changed by too many at once.`);
    }
  }

  return {
    get: async (name) => (await records.get<StoredSync>(SYNCS, name))?.value,

    async put({ name, definition }, now) {
      for (;;) {
        const changed = await changeRecord<StoredSync>(SYNCS, name, (sync) => ({
          ...sync,
          definition,
          updatedAt: now,
        }));
        if (changed) return { sync: changed, isNew: false };
        const sync: StoredSync = { name, definition, createdAt: now, updatedAt: now };
        if (await records.put(SYNCS, name, sync, { ifVersion: 'absent' })) return { sync, isNew: true };
      }
    },

    remove: (name) => records.remove(SYNCS, name),

    async list(page: PageOf) {
      const { records: found, next } = await records.list<StoredSync>(SYNCS, page);
      return { syncs: found.map(({ value }) => value), next };
    },

    async createRun(run) {
      const id = runKey(run.sync, run.runId);
      // The note first: a run that no sweep finds would be worse than a note without a run.
      await records.put(UNFINISHED, run.runId, { sync: run.sync, runId: run.runId }, { ttlSeconds });
      if (await records.put(RUNS, id, run, { ifVersion: 'absent', ttlSeconds })) return true;
      const stored = await records.get<SyncRun>(RUNS, id);
      if (stored !== undefined && stored.value.status !== 'running') {
        await records.remove(UNFINISHED, run.runId);
      }
      return false;
    },

    getRun: async (sync, runId) => (await records.get<SyncRun>(RUNS, runKey(sync, runId)))?.value,

    changeRun: (sync, runId, change) => changeRecord<SyncRun>(RUNS, runKey(sync, runId), change, ttlSeconds),

    async listRuns(sync, page) {
      const { records: found, next } = await records.list<SyncRun>(RUNS, {
        ...page,
        prefix: `${sync}.`,
        descending: true,
      });
      return { runs: found.map(({ value }) => summaryOf(value)), next };
    },

    async newerRuns(sync, runId) {
      const newer: SyncRun[] = [];
      let cursor: string | undefined;
      do {
        const page = { prefix: `${sync}.`, limit: NEWEST, cursor, descending: true };
        const { records: found, next } = await records.list<SyncRun>(RUNS, page);
        for (const { value } of found) {
          if (value.runId <= runId) return newer;
          newer.push(value);
        }
        cursor = next ?? undefined;
      } while (cursor !== undefined);
      return newer;
    },

    syncOf: async (runId) => (await records.get<{ sync: string }>(UNFINISHED, runId))?.value.sync,

    async listUnfinished() {
      const found: { sync: string; runId: string }[] = [];
      let cursor: string | undefined;
      do {
        const page = await records.list<{ sync: string; runId: string }>(UNFINISHED, { limit: PAGE, cursor });
        found.push(...page.records.map(({ value }) => value));
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      return found;
    },

    async endRun(run) {
      await changeRecord<StoredSync>(SYNCS, run.sync, (sync) => {
        const isOlder = sync.lastRun !== undefined && sync.lastRun.runId > run.runId;
        return isOlder ? sync : { ...sync, lastRun: summaryOf(run) };
      });
      await records.remove(UNFINISHED, run.runId);
    },

    async putResult(runId, position, result) {
      await records.put(RESULTS, resultKey(runId, position), result, { ttlSeconds });
    },

    async results(runId) {
      const results = new Map<number, TargetResult>();
      let cursor: string | undefined;
      do {
        const page = await records.list<TargetResult>(RESULTS, { prefix: `${runId}.`, limit: PAGE, cursor });
        for (const { id, value } of page.records) results.set(Number(id.slice(runId.length + 1)), value);
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      return results;
    },
  };
}
