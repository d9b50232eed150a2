import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Does something again and again, as a schedule calls a function: never twice at a time, and an error ends nothing.
 * Closing waits for what is under way, no longer than `graceMs`: whatever a schedule calls may be cut off.
 */
export function repeatedly(
  everyMs: number,
  deed: () => Promise<unknown>,
  graceMs: number,
): { close(): Promise<void> } {
  let underWay: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    underWay ??= deed()
      .catch(() => undefined)
      .finally(() => {
        underWay = undefined;
      });
  }, everyMs);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      if (underWay === undefined) return;
      const waiting = new AbortController();
      const grace = sleep(graceMs, undefined, { signal: waiting.signal }).catch(() => undefined);
      await Promise.race([underWay, grace]);
      waiting.abort();
    },
  };
}
