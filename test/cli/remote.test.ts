import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { jsonOf, ORDER, startWorld, type World } from './support.ts';

const START = join(import.meta.dirname, '../../local/start.ts');
const KEY = 'key-of-the-tests';

/** The whole service in a process of its own, which answers every clone at once: 202. */
async function startService(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [START], {
    env: {
      ...process.env,
      PORT: '0',
      SANDBOX_PORT: '0',
      FLOWFERRY_API_KEY: KEY,
      FLOWFERRY_SYNC_WAIT_MS: '0',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^flowferry ready on (\S+)$/.exec(line)?.[1];
    if (url !== undefined) return { child, url };
  }
  throw new Error('the service did not start');
}

describe('working at a service', () => {
  let world: World;
  let child: ChildProcess;
  let env: Record<string, string | undefined>;
  beforeAll(async () => {
    const [service, started] = await Promise.all([startService(), startWorld()]);
    child = service.child;
    world = started;
    env = {
      FLOWFERRY_ACCOUNTS: undefined,
      FLOWFERRY_DATA: undefined,
      FLOWFERRY_URL: service.url,
      FLOWFERRY_API_KEY: KEY,
    };
  }, 60_000);
  afterAll(async () => {
    child?.kill('SIGKILL');
    await world?.close();
  });

  test('It plans, clones to the end, shows and undoes as when working from here.', async () => {
    const [accounts, flows, planned] = await Promise.all([
      world.here(['accounts'], { env }),
      world.here(['flows', 'list', '--account', 'blueprint'], { env }),
      world.run(['plan', ...ORDER, '--detailed-exitcode', '--json'], { env }),
    ]);
    const { plan } = jsonOf(planned);
    const cloned = await world.run(['clone', ...ORDER, '--fingerprint', plan?.fingerprint ?? '', '--json'], {
      env,
    });
    const cloneId = jsonOf(cloned).cloneId ?? '';
    const [shown, waited] = await Promise.all([
      world.here(['status', '--target', 'acme'], { env }),
      world.run(['status', cloneId, '--wait', '--json'], { env }),
    ]);
    const undone = await world.run(['rollback', cloneId, '--json'], { env });

    expect(accounts).toMatchObject({ code: 0, stdout: expect.stringMatching(/^blueprint +us$/m) });
    expect(flows.stdout).toContain('Send GitHub Events to Slack');
    expect(planned.code).toBe(2);
    expect(cloned.code).toBe(0);
    expect(jsonOf(cloned).status).toBe('succeeded');
    expect(shown.stdout).toContain(cloneId);
    expect(waited.code).toBe(0);
    expect(undone.code).toBe(0);
    expect(jsonOf(undone).status).toBe('rolled-back');
  }, 60_000);

  test('Refusals, an unknown key and nobody there have their exit codes.', async () => {
    const [blocked, moved, stranger, nobody, unknown] = await Promise.all([
      world.here(['clone', ...ORDER.slice(0, 6)], { env }),
      world.here(['clone', ...ORDER, '--fingerprint', 'v1.other'], { env }),
      world.here(['accounts'], { env: { ...env, FLOWFERRY_API_KEY: 'another' } }),
      world.here(['resume', 'any', '--url', 'http://127.0.0.1:9'], { env }),
      world.here(['status', 'there-is-none'], { env }),
    ]);

    expect([blocked.code, moved.code]).toEqual([3, 3]);
    expect(moved.stdout).toContain('plan_changed');
    expect(stranger).toMatchObject({ code: 1, stdout: '' });
    expect(stranger.stderr).toContain('flowferry: unauthorized: ');
    expect(nobody.code).toBe(1);
    expect(nobody.stderr).toContain('service_unreachable');
    expect(unknown.stderr).toContain('clone_not_found');
  }, 60_000);
});
