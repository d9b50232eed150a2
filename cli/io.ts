import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { systemClock } from '../adapters/integrator/index.ts';
import type { Clock } from '../core/ports.ts';

/** What the command line has of the process it runs in. Nothing else of it reads the process itself. */
export interface Io {
  /** Results. */
  out(text: string): void;
  /** Progress, hints and complaints. */
  err(text: string): void;
  /** All of standard input. */
  input(): Promise<string>;
  env: Readonly<Record<string, string | undefined>>;
  /** Whether somebody watches `err` on a terminal. */
  isWatched: boolean;
  /** Characters a line of `out` may have; `undefined` where it goes to a file or another program. */
  columns: number | undefined;
  clock: Clock;
  newId(): string;
  /** Calls `handler` for every SIGINT and SIGTERM in place of ending, until the function returned is called. */
  onInterrupt(handler: () => void): () => void;
}

/** The io of a process. */
export function processIo(process: NodeJS.Process): Io {
  const { stdin, stdout, stderr } = process;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    input: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks).toString('utf8');
    },
    env: process.env,
    isWatched: stderr.isTTY === true,
    columns: stdout.isTTY ? stdout.columns : undefined,
    clock: systemClock,
    newId: () => randomUUID(),
    onInterrupt: (handler) => {
      const signals = ['SIGINT', 'SIGTERM'] as const;
      for (const signal of signals) process.on(signal, handler);
      return () => {
        for (const signal of signals) process.off(signal, handler);
      };
    },
  };
}

/** Resolves once all that was written is out of the process, or nobody takes it any more. */
export async function drained(process: NodeJS.Process): Promise<void> {
  // That a write failed is told a turn later.
  await setImmediate();
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.writableLength > 0 && !stream.destroyed) {
      await Promise.race([once(stream, 'drain'), once(stream, 'close')]);
    }
  }
}
