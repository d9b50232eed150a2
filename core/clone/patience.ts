import type { CloneRecord } from '../ports.ts';

/** How long a clone that an event started waits for an account that is not there yet, ms. */
const PATIENCE_MS = 60 * 60_000;

/** First and longest pause between two looks for it, seconds: short enough to show that the clone is alive. */
const FIRST_PAUSE = 1;
const LONGEST_PAUSE = 120;

/**
 * Seconds until a clone that found no account looks again, doubling with its age; `undefined` when it is to give up.
 * Only clones that an event started wait: a sign-up may be told to us before its account is.
 */
export function secondsToWait(record: CloneRecord, now: number): number | undefined {
  if (record.origin?.kind !== 'webhook' || record.wish !== undefined) return undefined;
  const age = Math.max(0, now - Date.parse(record.createdAt));
  if (age >= PATIENCE_MS) return undefined;
  return Math.min(LONGEST_PAUSE, Math.max(FIRST_PAUSE, Math.round(age / 1000)));
}
