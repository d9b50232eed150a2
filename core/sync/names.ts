import { sha256 } from '../model/canonical.ts';

/** Characters of the time in a run's id: enough until the year 5188. */
const TIME_LENGTH = 9;

/** The longest name a clone may have, so that its executions' names hold it. */
const MOST_CLONE_ID = 50;

const RUN_ID = /^run-[0-9a-z]{9}-[0-9a-f]{8}$/;

/** Whether this names a run, and not a clone. */
export function isRunId(id: string): boolean {
  return RUN_ID.test(id);
}

/**
 * The id of a run: ids of later runs are greater. For a scheduled run `salt` is the sync's name, so that the same
 * moment of the same schedule, however often it is told, is one run.
 *
 * @param time ms since the epoch
 */
export function runIdOf(time: number, salt: string): string {
  return `run-${Math.max(0, Math.floor(time)).toString(36).padStart(TIME_LENGTH, '0')}-${sha256(salt).slice(0, 8)}`;
}

/** The id of the clone that brings one target of a run in step. */
export function childIdOf(runId: string, account: string): string {
  const whole = `${runId}-${account}`;
  if (whole.length <= MOST_CLONE_ID) return whole;
  return `${runId}-${account.slice(0, 14)}-${sha256(account).slice(0, 12)}`;
}

/** Where what a sync remembers of its source from one run to the next is stored. */
export function memoryOf(sync: string): string {
  return `sync-${sync}`;
}
