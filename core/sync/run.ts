import type { SyncDefinition, SyncMode } from '../model/sync.ts';
import type { SyncConflict, SyncDrift } from '../plan/plan.ts';

export type RunStatus = 'running' | 'succeeded' | 'partial' | 'failed';

/** How one target of a run ended. */
export type TargetStatus = 'in-step' | 'changed' | 'conflict' | 'failed' | 'skipped';

export interface RunError {
  code: string;
  message: string;
}

/** One target of a run on its way. */
export interface RunTarget {
  account: string;
  /** `waiting` for its turn; `ended`: its result is known. */
  state: 'waiting' | 'running' | 'ended';
  status?: TargetStatus | undefined;
  cloneId?: string | undefined;
}

/** What became of one target, as callers are told. */
export interface TargetResult {
  account: string;
  status: TargetStatus;
  cloneId?: string | undefined;
  /** Paths changed in the target; a resource that was made or pruned counts as one. */
  applied: number;
  /** Paths left as the tenant's own. */
  kept: number;
  drift: SyncDrift[];
  conflicts: SyncConflict[];
  /** How many of `drift` and `conflicts` found no room here. */
  leftOut?: number | undefined;
  error?: RunError | undefined;
}

/** A run as it is stored: small, for the results of its targets rest beside it. */
export interface SyncRun {
  runId: string;
  sync: string;
  mode: SyncMode;
  trigger: 'request' | 'schedule';
  /** The sync as it was when the run began: a change of it concerns the next run. */
  definition: SyncDefinition;
  targets: RunTarget[];
  status: RunStatus;
  /** The ledger's key of the source; there once the source was read. */
  sourceKey?: string | undefined;
  /** Counts executions of the coordinator. */
  attempt: number;
  canceled?: boolean | undefined;
  error?: RunError | undefined;
  createdAt: string;
  endedAt?: string | undefined;
  /** When its coordinator last worked on it, for the sweeper. */
  heartbeatAt: string;
}

/** A sync as it is stored. */
export interface StoredSync {
  name: string;
  definition: SyncDefinition;
  createdAt: string;
  updatedAt: string;
  lastRun?: RunSummary | undefined;
}

/** A run without what it did in its targets, for lists. */
export interface RunSummary {
  runId: string;
  mode: SyncMode;
  status: RunStatus;
  createdAt: string;
  endedAt?: string | undefined;
  source: { account: string };
  counts: Record<TargetStatus | 'running' | 'waiting', number>;
  targets: { account: string; status: TargetStatus | 'running' | 'waiting' }[];
}

export function summaryOf(run: SyncRun): RunSummary {
  const counts = { 'in-step': 0, changed: 0, conflict: 0, failed: 0, skipped: 0, running: 0, waiting: 0 };
  const targets = run.targets.map(({ account, state, status }) => ({
    account,
    status: state === 'ended' ? (status ?? 'failed') : state,
  }));
  for (const { status } of targets) counts[status] += 1;
  const { runId, mode, status, createdAt, endedAt } = run;
  const source = { account: run.definition.source.account };
  const times = { createdAt, ...(endedAt === undefined ? {} : { endedAt }) };
  return { runId, mode, status, ...times, source, counts, targets };
}
