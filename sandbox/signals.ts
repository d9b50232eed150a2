/**
 * npm hands on to its script what a terminal has told both of them: one Ctrl-C arrives twice, no further apart than
 * this, ms.
 */
const ECHO_MS = 500;

/** Ends the process on SIGTERM or SIGINT, once `close` is done. Who asks twice does not want to wait. */
export function endOnSignal(close: () => Promise<void>): void {
  let askedAt: number | undefined;
  const end = (): void => {
    const now = performance.now();
    if (askedAt !== undefined) {
      if (now - askedAt > ECHO_MS) process.exit(1);
      return;
    }
    askedAt = now;
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(`It did not end well: ${String(error)}`);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, end);
}
