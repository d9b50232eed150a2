import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const SCRIPTS = join(import.meta.dirname, '../../local');

/** A script of the local run in a process of its own, with all that it said. */
export class LocalProcess {
  readonly child: ChildProcess;
  /** Resolves with the exit code once the process is gone; `null` after a kill. */
  readonly ended: Promise<number | null>;
  stdout = '';
  stderr = '';

  constructor(script: 'start.ts' | 'demo.ts', env: Record<string, string>) {
    this.child = spawn(process.execPath, [join(SCRIPTS, script)], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk) => {
      this.stdout += chunk;
    });
    this.child.stderr?.on('data', (chunk) => {
      this.stderr += chunk;
    });
    this.ended = once(this.child, 'close').then(([code]) => code as number | null);
  }

  end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** The running service, called as any program outside would call it. */
export class Service {
  readonly process: LocalProcess;
  readonly url: string;
  readonly #key: string;

  constructor(process: LocalProcess, url: string, key: string) {
    this.process = process;
    this.url = url;
    this.#key = key;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url + path, { headers: { 'x-api-key': this.#key, ...headers } });
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url + path, {
      method: 'POST',
      headers: { 'x-api-key': this.#key, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }
}

/**
 * Starts the service on free ports; resolves once it says that it is ready, rejects when it ends before.
 * `onStarted` has the process from its first moment on.
 */
export async function startService(
  key: string,
  env: Record<string, string> = {},
  onStarted: (process: LocalProcess) => void = () => {},
): Promise<Service> {
  const process = new LocalProcess('start.ts', {
    PORT: '0',
    SANDBOX_PORT: '0',
    FLOWFERRY_API_KEY: key,
    ...env,
  });
  onStarted(process);
  const ready = new Promise<string>((resolve) => {
    process.child.stdout?.on('data', () => {
      const url = /^flowferry ready on (http:\/\/127\.0\.0\.1:\d+)$/m.exec(process.stdout)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
  const failed = process.ended.then((code) => {
    throw new Error(`ended with ${code}: ${process.stderr}`);
  });
  failed.catch(() => {});
  return new Service(process, await Promise.race([ready, failed]), key);
}
