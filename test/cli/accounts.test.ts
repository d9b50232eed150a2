import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { jsonOf, runHere } from './support.ts';

const problem = (code: string, status: number) =>
  [status, { code, status, detail: code, errors: [] }] as const;

/** What the service answers to the check of each account. */
const CHECKS: Readonly<Record<string, readonly [status: number, body: object]>> = {
  away: problem('upstream_failed', 502),
  good: [200, { account: 'good', region: 'eu', ok: true }],
  refused: [200, { account: 'refused', region: 'us', ok: false }],
  removed: problem('account_not_found', 404),
};

describe('accounts --check at a service', () => {
  let server: Server;
  let env: Record<string, string>;
  /** In place of every check, where set. */
  let always: readonly [number, object] | undefined;
  beforeAll(async () => {
    const accounts = Object.keys(CHECKS).map((account) => ({ account, region: 'us' }));
    server = createServer(({ url = '' }, response) => {
      const [, , account = ''] = url.split('/');
      const [status, body] =
        url === '/accounts' ? [200, { accounts }] : (always ?? CHECKS[account] ?? [500, {}]);
      response.writeHead(status).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    env = { FLOWFERRY_URL: url, FLOWFERRY_API_KEY: 'key-of-the-tests' };
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('tells of every account, whichever can be asked', async () => {
    const checked = await runHere(['accounts', '--check', '--json'], env);
    const told = await runHere(['accounts', '--check'], env);

    expect(checked.code).toBe(1);
    expect(jsonOf<object>(checked)).toEqual({
      accounts: [
        { account: 'away', region: 'us', ok: false, code: 'upstream_failed' },
        { account: 'good', region: 'eu', ok: true },
        { account: 'refused', region: 'us', ok: false, code: 'account_unauthorized' },
        { account: 'removed', region: 'us', ok: false, code: 'account_not_found' },
      ],
    });
    expect(told.stdout).toMatch(/^away +us +upstream_failed$/m);
    expect(told.stdout).toMatch(/^good +eu +ok$/m);
  });

  test('breaks off where the key may check none', async () => {
    always = problem('admin_required', 403);

    const ended = await runHere(['accounts', '--check'], env);

    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain('admin_required');
  });
});
