import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FLOW, jsonOf, startWorld, type World } from './support.ts';

const ABSENT = '5f0000000000000000000001';
const GOOD = ['--account', 'blueprint'];
const STRANGER = ['--account', 'stranger'];
const FILE = ['--file', '-'];
const input = '{}';

describe('with --json every error is one problem document on standard output', () => {
  let world: World;
  let accounts: string;
  let proxy: Server;
  let remote: Record<string, string | undefined>;
  beforeAll(async () => {
    world = await startWorld();
    const baseUrl = world.sandbox.url;
    accounts = join(world.folder, 'more-accounts.json');
    const logins = {
      blueprint: { token: 'sandbox-blueprint-token', baseUrl },
      stranger: { token: 'not-a-token', baseUrl },
    };
    await writeFile(accounts, JSON.stringify(logins));
    proxy = createServer(({ url = '' }, response) => {
      const status = Number(/\d+/.exec(url)?.[0]);
      response
        .writeHead(status)
        .end(url.includes('gateway') ? '{"message": "Forbidden"}' : '<html>Oh</html>');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const at = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    remote = { FLOWFERRY_ACCOUNTS: undefined, FLOWFERRY_API_KEY: 'key-of-the-tests', FLOWFERRY_URL: at };
  });
  afterAll(async () => {
    proxy.closeAllConnections();
    proxy.close();
    await world.close();
  });

  test.each<[string, number, string[]]>([
    ['account_not_found', 404, ['flows', 'list', '--account', 'nobody']],
    ['account_unauthorized', 424, ['flows', 'list', ...STRANGER]],
    ['account_unauthorized', 424, ['flows', 'get', FLOW, ...STRANGER]],
    ['account_unauthorized', 424, ['flows', 'run', FLOW, ...STRANGER]],
    ['flow_not_found', 404, ['flows', 'get', ABSENT, ...GOOD]],
    ['not_found', 404, ['flows', 'update', ABSENT, ...GOOD, ...FILE]],
    ['not_found', 404, ['flows', 'run', ABSENT, ...GOOD]],
    ['refused', 422, ['flows', 'create', ...GOOD, ...FILE]],
    ['refused', 422, ['flows', 'clone', FLOW, ...GOOD]],
  ])('%s (%d): flowferry %j', async (code, status, args) => {
    const ended = await world.here([...args, '--json'], { input, env: { FLOWFERRY_ACCOUNTS: accounts } });

    expect(ended.code).toBe(1);
    expect(jsonOf<object>(ended)).toMatchObject({
      type: `urn:flowferry:problem:${code}`,
      title: expect.stringMatching(/./),
      status,
      detail: expect.stringMatching(/./),
      errors: expect.arrayContaining([expect.objectContaining({ code })]),
    });
    expect(ended.stderr).toContain(`flowferry: ${code}: `);
  });

  test.each<[string, number, string]>([
    ['http_502', 502, '/502'],
    ['http_403', 403, '/403/gateway'],
    ['unexpected_answer', 502, '/200'],
  ])('%s: a proxy on the way answers %d in its own words', async (code, status, path) => {
    const env = { ...remote, FLOWFERRY_URL: `${remote['FLOWFERRY_URL']}${path}` };

    const ended = await world.here(['accounts', '--json'], { env });

    expect(ended.code).toBe(1);
    expect(jsonOf<object>(ended)).toMatchObject({
      type: `urn:flowferry:problem:${code}`,
      status,
      code,
      errors: [{ code, message: expect.any(String) }],
    });
    expect(ended.stderr).toContain(`flowferry: ${code}: `);
  });

  test('service_unreachable: nobody is there', async () => {
    const env = { ...remote, FLOWFERRY_URL: 'http://127.0.0.1:9' };

    const ended = await world.here(['resume', 'any', '--json'], { env });

    expect(jsonOf<object>(ended)).toMatchObject({ status: 502, code: 'service_unreachable' });
  });

  test('What the service answers is kept whole.', async () => {
    const ended = await world.here(['status', 'there-is-none', '--json']);

    expect(jsonOf<object>(ended)).toMatchObject({
      type: 'urn:flowferry:problem:clone_not_found',
      status: 404,
      instance: expect.stringContaining('urn:flowferry:request:'),
    });
    expect(ended.stderr).toContain('flowferry: clone_not_found: ');
  });
});
