import type { RunError, TargetResult } from './run.ts';

/** A target that failed before, or without, changing anything. */
export function failed(account: string, error: RunError): TargetResult {
  return { account, status: 'failed', applied: 0, kept: 0, drift: [], conflicts: [], error };
}

/** A target that did not have its turn. */
export function skipped(account: string, error: RunError): TargetResult {
  return { ...failed(account, error), status: 'skipped' };
}
