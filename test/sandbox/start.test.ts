import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';

const START = join(import.meta.dirname, '../../sandbox/start.ts');
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts the sandbox in a process of its own and reads its first two lines. */
async function launch(env: Record<string, string>): Promise<{ child: ChildProcess; lines: string[] }> {
  const child = spawn(process.execPath, [START], {
    env: { ...process.env, SANDBOX_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const lines: string[] = [];
  if (!child.stdout) throw new Error('the process has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === 2) break;
  }
  return { child, lines };
}

describe('the sandbox in a process of its own', () => {
  test('It says where it is, answers, and ends on SIGTERM.', async () => {
    const { child, lines } = await launch({});
    const url = /^sandbox ready on (http:\/\/127\.0\.0\.1:\d+)$/.exec(lines[0] ?? '')?.[1];

    const response = await fetch(`${url}/v1/tokenInfo`, {
      headers: { authorization: 'Bearer sandbox-acme-token' },
    });
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');

    expect(response.status).toBe(200);
    expect(lines[1]).toBe('accounts: blueprint, acme');
    expect(code).toBe(0);
  });

  test('Accounts, bucket and latency come from the environment.', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
    const file = join(folder, 'accounts.json');
    const documents = { scripts: [{ _id: 'cccccccccccccccccccccccc', name: 'Tidy' }] };
    await writeFile(file, JSON.stringify({ mine: { token: 'mine', userId: 'me', documents } }));
    const { lines } = await launch({
      SANDBOX_ACCOUNTS: file,
      SANDBOX_BUCKET: '1,0.1',
      SANDBOX_LATENCY_MS: '1',
    });
    const url = lines[0]?.split(' ').at(-1);

    const headers = { authorization: 'Bearer mine' };
    const first = await fetch(`${url}/v1/scripts`, { headers });
    const second = await fetch(`${url}/v1/scripts`, { headers });

    expect(await first.json()).toEqual(documents.scripts);
    expect(second.status).toBe(429);
    await second.text();
    await rm(folder, { recursive: true });
  });

  test('Settings that are wrong end it with a line for each.', async () => {
    const { child } = await launch({ SANDBOX_LATENCY_MS: 'slow', SANDBOX_BUCKET: 'huge' });
    const said = await text(child.stderr as Readable);
    const code = child.exitCode ?? (await once(child, 'exit'))[0];

    expect(code).toBe(1);
    expect(said.split('\n')).toEqual([
      expect.stringMatching(/^the sandbox can't start: SANDBOX_LATENCY_MS must/),
      expect.stringMatching(/^the sandbox can't start: SANDBOX_BUCKET must/),
      '',
    ]);
  });
});
