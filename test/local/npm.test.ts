import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');

describe('npm', () => {
  let npm: ChildProcess | undefined;
  afterEach(() => {
    if (npm?.pid === undefined) return;
    try {
      // Whatever a failing test left behind of the whole group.
      process.kill(-npm.pid, 'SIGKILL');
    } catch {
      // All of it has ended, as it should.
    }
  });

  /** Runs a script of the package in a process group of its own; answers the address that it says it is ready on. */
  const start = async (script: string): Promise<string> => {
    const { PATH = '', HOME = '' } = process.env;
    npm = spawn('npm', ['run', script], {
      cwd: ROOT,
      env: { PATH, HOME, PORT: '0', SANDBOX_PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    let said = '';
    for await (const chunk of npm.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
      said += chunk;
      const [, url] = / ready on (\S+)\n/.exec(said) ?? [];
      if (url !== undefined) return url;
    }
    throw new Error(`ended without being ready: ${said}`);
  };

  const end = async (how: (pid: number) => void): Promise<unknown> => {
    const ended = once(npm as ChildProcess, 'exit');
    how(npm?.pid ?? 0);
    return (await ended)[0];
  };

  for (const script of ['start', 'sandbox']) {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      test(`hands ${signal} on to the process of npm run ${script}, which ends well`, async () => {
        const url = await start(script);

        expect(await end((pid) => process.kill(pid, signal))).toBe(0);
        await expect(fetch(url)).rejects.toThrow('fetch failed');
      }, 60_000);
    }

    test(`and npm run ${script} takes one Ctrl-C at a terminal, which reaches it twice, for one`, async () => {
      await start(script);

      expect(await end((pid) => process.kill(-pid, 'SIGINT'))).toBe(0);
    }, 60_000);
  }
});
