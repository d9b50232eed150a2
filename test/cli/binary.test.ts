import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { startSandbox } from '../../sandbox/index.ts';
import { jsonOf, startWorld } from './support.ts';

const ROOT = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const run = promisify(execFile);

describe('the binary', () => {
  test('npx finds it and it tells its version.', async () => {
    const { stdout } = await run('npx', ['--no-install', 'flowferry', '--version'], { cwd: ROOT });

    expect(stdout).toBe(`${version}\n`);
  }, 60_000);

  test('It serves a sandbox that a plan can be made on, until it is told to end.', async () => {
    const world = await startWorld();
    try {
      const serving = world.start(['sandbox', '--port', '0', '--json'], {
        env: { FLOWFERRY_ACCOUNTS: undefined },
      });
      const [first] = (await serving.child.stdout?.take(1).toArray()) ?? [];
      const { url, accounts } = JSON.parse(String(first)) as { url: string; accounts: string[] };
      const response = await fetch(`${url}/v1/flows`, {
        headers: { authorization: 'Bearer sandbox-blueprint-token' },
      });
      serving.child.kill('SIGTERM');
      const [code] = await new Promise<[number | null]>((resolve) =>
        serving.child.on('exit', (own) => resolve([own])),
      );

      expect(accounts).toEqual(['blueprint', 'acme']);
      expect(((await response.json()) as object[]).length).toBe(2);
      expect(code).toBe(0);
    } finally {
      await world.close();
    }
  }, 60_000);

  test('A port that is taken is told by its option.', async () => {
    const taken = await startSandbox();
    const world = await startWorld();
    try {
      const { port } = new URL(taken.url);
      const ended = await world.run(['sandbox', '--port', port]);

      expect(ended).toMatchObject({ code: 64, stdout: '' });
      expect(ended.stderr).toContain(`--port: ${port} is taken`);
    } finally {
      await taken.close();
      await world.close();
    }
  }, 60_000);

  test('Two commands do not work on one folder at a time.', async () => {
    const world = await startWorld({ latencyMs: 300 });
    try {
      const order = ['--source', 'blueprint', '--target', 'acme', '--flow', '55ea78c6b751843c37b7b367'];
      const one = world.start(['clone', ...order, '--connections', 'match-name', '--json']);
      await one.said('reading');
      const other = await world.run(['status', '--target', 'acme']);

      expect(other).toMatchObject({ code: 64, stdout: '' });
      expect(other.stderr).toContain('--data: another process uses');
      expect(jsonOf(await one.ended).status).toBe('succeeded');
    } finally {
      await world.close();
    }
  }, 60_000);
});
