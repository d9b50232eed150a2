/**
 * Does something again and again, as a schedule calls a function: never twice at a time, and an error ends nothing.
 * Closing waits for what is under way.
 */
export function repeatedly(everyMs: number, deed: () => Promise<unknown>): { close(): Promise<void> } {
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
      await underWay;
    },
  };
}
