import { describe, expect, test } from '@jest/globals';
import { accountFor, rejectionOf } from './clientFor.ts';
import { type Reply, ScriptedServer } from './scriptedServer.ts';

const DOCUMENT = { _id: 'abc', name: 'Orders', webhook: { verify: 'secret_url', token: 't0k' } };

describe('an account', () => {
  test('is known by region and user, asked for once', async () => {
    await using server = await ScriptedServer.start({ json: { _userId: '5e03' } });
    const account = accountFor(server);

    const identities = await Promise.all([account.identity(), account.identity()]);

    expect(identities[0]).toEqual({ key: 'eu:5e03', region: 'eu', userId: '5e03' });
    expect(identities[1]).toEqual(identities[0]);
    expect(server.received).toHaveLength(1);
  });

  test('that would not tell who it is, is asked again', async () => {
    await using server = await ScriptedServer.start({ status: 401 }, { json: { _userId: '5e03' } });
    const account = accountFor(server);

    expect(await rejectionOf(account.identity())).toMatchObject({ code: 'account_unauthorized' });
    expect(await account.identity()).toMatchObject({ userId: '5e03' });
  });

  test('makes each call of the engine', async () => {
    const answers: Record<string, Reply> = {
      'GET /v1/exports/abc': { json: DOCUMENT },
      'GET /v1/exports?limit=1000&include=name': { json: [DOCUMENT] },
      'POST /v1/exports': { status: 201, json: DOCUMENT },
      'PUT /v1/exports/abc': { json: DOCUMENT },
      'PATCH /v1/flows/abc': { status: 204 },
      'DELETE /v1/exports/abc': { status: 204 },
      'PUT /v1/integrations/abc/connections/register': { json: {} },
      'POST /v1/flows/abc/run': { status: 201, json: { _jobId: 'job' } },
      'GET /v1/jobs/job': { json: { _id: 'job', status: 'queued' } },
      'POST /v1/connections/abc/ping': { json: { code: 200 } },
      'GET /v1/connections/abc/distributed': { json: { success: true } },
    };
    await using server = await ScriptedServer.start(
      ({ method, url }) => answers[`${method} ${url}`] ?? { status: 404 },
    );
    const account = accountFor(server);
    const pages: unknown[] = [];

    const results = [
      await account.get('export', 'abc'),
      await account.get('export', 'missing'),
      await account.create('export', { name: 'Orders' }),
      await account.replace('export', 'abc', { name: 'Orders' }),
      await account.patch('flow', 'abc', [{ op: 'replace', path: '/disabled', value: true }]),
      await account.remove('export', 'abc'),
      await account.remove('export', 'missing'),
      await account.registerConnections('abc', ['c']),
      await account.run('abc', {}),
      await account.job('job'),
      await account.ping('abc'),
      await account.hasDistributedPackage('abc'),
    ];
    for await (const page of account.list('export', { include: ['name'] })) pages.push(page);

    expect(results).toEqual([
      DOCUMENT,
      undefined,
      DOCUMENT,
      DOCUMENT,
      undefined,
      true,
      false,
      undefined,
      { jobId: 'job' },
      { jobId: 'job', status: 'queued' },
      true,
      true,
    ]);
    expect(pages).toEqual([[DOCUMENT]]);
    expect(account.stats()).toEqual({ calls: 13, retries: 0, rateLimited: 0 });
    expect(account.webhookUrl(DOCUMENT)).toBe(`${server.url}/v1/exports/abc/t0k/data`);
    expect(account.serverTime()).toEqual(expect.any(Number));
    expect(account).toMatchObject({
      name: 'acme',
      requestTimeoutMs: 30_000,
      callsPerSecond: 285,
      burst: 950,
    });
  });
});
