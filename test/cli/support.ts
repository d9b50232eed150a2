import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../adapters/integrator/index.ts';
import type { Io } from '../../cli/io.ts';
import { runProgram } from '../../cli/program.ts';
import type { CloneState } from '../../core/model/clone.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/index.ts';

export const BINARY = join(import.meta.dirname, '../../cli/flowferry.js');

export const FLOW = '55ea78c6b751843c37b7b367';

/** The options by which the tests clone the smaller of the sandbox's flows. */
export const ORDER = [
  '--source',
  'blueprint',
  '--target',
  'acme',
  '--flow',
  FLOW,
  '--connections',
  'match-name',
];

/** What no output may hold: tokens, keys and what the connections of the sandbox have for secrets. */
const SECRETS = ['sandbox-blueprint-token', 'sandbox-acme-token', 'planted-', 'key-of-the-tests'];

/** How a process ended, and what it wrote. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A process of the command line that goes on. */
export interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Resolves once standard error holds this. */
  said(text: string): Promise<void>;
}

/** A sandbox, a file of its accounts, an empty folder, and the binary over them. */
export interface World {
  sandbox: Sandbox;
  folder: string;
  accounts: string;
  /** Starts `flowferry` with these arguments. */
  start(args: readonly string[], options?: RunOptions): Running;
  /** The same, to its end. */
  run(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** The same within this process, which costs a fraction, where the process itself is not what is tested. */
  here(args: readonly string[], options?: RunOptions): Promise<Ended>;
  close(): Promise<void>;
}

export interface RunOptions {
  input?: string;
  env?: Record<string, string | undefined>;
}

export async function startWorld(options: SandboxOptions = {}): Promise<World> {
  const sandbox = await startSandbox({ bucket: 'unlimited', jobMs: 5, ...options });
  const folder = await mkdtemp(join(tmpdir(), 'flowferry-cli-'));
  const accounts = join(folder, 'accounts.json');
  const logins = sandbox.accounts().map(({ name, token }) => [name, { token, baseUrl: sandbox.url }]);
  await writeFile(accounts, JSON.stringify(Object.fromEntries(logins)));
  const children = new Set<ChildProcess>();
  const start = (args: readonly string[], { input, env }: RunOptions = {}): Running => {
    const running = launch(args, folder, { FLOWFERRY_ACCOUNTS: accounts, ...env }, input);
    children.add(running.child);
    return running;
  };
  return {
    sandbox,
    folder,
    accounts,
    start,
    run: (args, options) => start(args, options).ended,
    here: (args, { input, env } = {}) =>
      runHere(
        args,
        { FLOWFERRY_ACCOUNTS: accounts, FLOWFERRY_DATA: join(folder, '.flowferry'), ...env },
        input,
      ),
    close: async () => {
      for (const child of children) child.kill('SIGKILL');
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function launch(
  args: readonly string[],
  cwd: string,
  env: Record<string, string | undefined>,
  input: string | undefined,
): Running {
  const clean = Object.entries(process.env).filter(([name]) => !name.startsWith('FLOWFERRY_'));
  const child = spawn(process.execPath, [BINARY, ...args], {
    cwd,
    env: { ...Object.fromEntries(clean), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input ?? '');
  const written = { stdout: '', stderr: '' };
  const waiting: (() => void)[] = [];
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      written[name] += chunk.toString();
      for (const look of waiting) look();
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('close', (code) => {
      try {
        resolve(withoutSecrets(args, { code, ...written }));
      } catch (error) {
        reject(error);
      }
    });
  });
  ended.catch(() => undefined);
  const said = (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (written.stderr.includes(text)) resolve();
      };
      waiting.push(look);
      look();
    });
  return { child, ended, said };
}

/** The JSON that a command wrote. */
export function jsonOf<T = CloneState>({ stdout }: Ended): T {
  return JSON.parse(stdout) as T;
}

function withoutSecrets(args: readonly string[], ended: Ended): Ended {
  const leaked = SECRETS.find((secret) => `${ended.stdout}${ended.stderr}`.includes(secret));
  if (leaked === undefined) return ended;
  throw new Error(`flowferry ${args.join(' ')} wrote the secret ${leaked}`);
}

/** Runs a command line within this process. */
export async function runHere(
  args: readonly string[],
  env: Record<string, string | undefined> = {},
  input = '',
): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const io: Io = {
    out: (text) => {
      written.stdout += text;
    },
    err: (text) => {
      written.stderr += text;
    },
    input: async () => input,
    env,
    isWatched: false,
    columns: undefined,
    clock: systemClock,
    newId: () => randomUUID(),
    onInterrupt: () => () => undefined,
  };
  return withoutSecrets(args, { code: await runProgram(args, io), ...written });
}
