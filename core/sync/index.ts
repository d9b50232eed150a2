/** Syncs: a source and many targets that are kept in step with it. */
export { advanceRun } from './advance.ts';
export { beginRun } from './begin.ts';
export { carryRun } from './carry.ts';
export type { SyncPorts } from './contract.ts';
export { decide, statusOf } from './decide.ts';
export { childIdOf, isRunId, memoryOf, runIdOf } from './names.ts';
export {
  type RunStatus,
  type RunSummary,
  type StoredSync,
  type SyncRun,
  summaryOf,
  type TargetResult,
} from './run.ts';
export type { SyncStore } from './store.ts';
export { objectionIn } from './superseding.ts';
export { restartStaleRuns } from './sweep.ts';
