import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { startSandbox } from '../../sandbox/index.ts';
import { BINARY, jsonOf, startWorld } from './support.ts';

const ROOT = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const run = promisify(execFile);

describe('the binary', () => {
  test('npx finds it and it tells its version.', async () => {
    const { stdout } = await run('npx', ['--no-install', 'flowferry', '--version'], { cwd: ROOT });

    expect(stdout).toBe(`${version}\n`);
  }, 60_000);

  test('Below a real node_modules, where Node runs no TypeScript, it says so.', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'flowferry-packed-'));
    const installed = join(folder, 'node_modules/flowferry/cli/flowferry.js');
    try {
      await cp(BINARY, installed);

      const failure = await run(process.execPath, [installed, '--version']).catch((error) => error);

      expect(failure).toMatchObject({ code: 1, stdout: '' });
      expect(failure.stderr).toMatch(/^flowferry: Node strips no types below node_modules: .+\n$/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

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
