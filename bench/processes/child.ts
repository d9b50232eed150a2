import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Reply } from './messages.ts';

/** A process of the benchmark's own, so that what it costs is told apart from what others cost. */
export interface Child {
  ask<T>(name: string, value?: unknown): Promise<T>;
  stop(): Promise<void>;
}

/** Starts one of the files in this folder; it answers from then on. */
export function startChild(file: string, options: { execArgv?: string[] } = {}): Child {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = fork(path, [], {
    execArgv: ['--expose-gc', ...(options.execArgv ?? [])],
    serialization: 'advanced',
  });
  const open = new Map<number, PromiseWithResolvers<unknown>>();
  let asked = 0;
  child.on('message', ({ id, value, error }: Reply) => {
    const waiting = open.get(id);
    open.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(`${file}: ${error}`));
  });
  child.once('exit', (code) => {
    for (const waiting of open.values()) waiting.reject(new Error(`${file} ended with ${code}`));
    open.clear();
  });
  return {
    ask: <T>(name: string, value?: unknown) => {
      const answer = Promise.withResolvers<unknown>();
      asked += 1;
      open.set(asked, answer);
      child.send({ id: asked, name, value });
      return answer.promise as Promise<T>;
    },
    stop: () => stopped(child),
  };
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}
