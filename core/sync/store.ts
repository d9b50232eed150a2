import type { RunSummary, StoredSync, SyncRun, TargetResult } from './run.ts';

export interface PageOf {
  limit: number;
  cursor?: string | undefined;
}

/** Where syncs and their runs are kept. */
export interface SyncStore {
  get(name: string): Promise<StoredSync | undefined>;
  /** Replaces the definition; a run that ended meanwhile stays the last one. */
  put(
    sync: Pick<StoredSync, 'name' | 'definition'>,
    now: string,
  ): Promise<{ sync: StoredSync; isNew: boolean }>;
  /** `false` when there is no such sync. Its runs stay until they expire. */
  remove(name: string): Promise<boolean>;
  /** In the order of their names. */
  list(page: PageOf): Promise<{ syncs: StoredSync[]; next: string | null }>;
  /** `false` when there is a run of this id already. */
  createRun(run: SyncRun): Promise<boolean>;
  getRun(sync: string, runId: string): Promise<SyncRun | undefined>;
  /**
   * Changes a run by what is stored of it now: `change` may be called more than once.
   * `undefined` when there is no such run.
   */
  changeRun(sync: string, runId: string, change: (run: SyncRun) => SyncRun): Promise<SyncRun | undefined>;
  /** Newest first. */
  listRuns(sync: string, page: PageOf): Promise<{ runs: RunSummary[]; next: string | null }>;
  /** Runs of the sync whose ids are greater than this one's, whether they have ended or not, newest first. */
  newerRuns(sync: string, runId: string): Promise<SyncRun[]>;
  /** The sync that a run belongs to; `undefined` when no such run is under way. */
  syncOf(runId: string): Promise<string | undefined>;
  /** Runs that have not ended, of all syncs. */
  listUnfinished(): Promise<{ sync: string; runId: string }[]>;
  /** The run's end: no longer unfinished, and the sync's last run. */
  endRun(run: SyncRun): Promise<void>;
  putResult(runId: string, position: number, result: TargetResult): Promise<void>;
  /** The results there are so far, by their position. */
  results(runId: string): Promise<Map<number, TargetResult>>;
}
