import type { AccountDirectory } from '../core/ports.ts';

/**
 * How long calls to integrator.io that fail are repeated while a caller waits for the answer, ms: API Gateway gives up
 * after 30 seconds, and a caller wants to hear the reason before.
 */
export const CALLER_PATIENCE_MS = 10_000;

/** The same accounts, for work that a caller waits for. */
export function whileCallerWaits({ open }: AccountDirectory): AccountDirectory {
  return { open: (name, options) => open(name, { ...options, patienceMs: CALLER_PATIENCE_MS }) };
}
