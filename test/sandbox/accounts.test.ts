import { describe, expect, test } from '@jest/globals';
import { bench, caller, started } from './support.ts';

describe('accounts', () => {
  test('The token tells whose account it is.', async () => {
    const sandbox = await started();

    const replies = await Promise.all(
      sandbox.accounts().map(({ token }) => caller(sandbox, token)('GET', '/v1/tokenInfo')),
    );

    expect(replies.map(({ body }) => body)).toEqual(
      sandbox.accounts().map(({ userId }) => ({ _userId: userId, scope: '*' })),
    );
  });

  test('An unknown or missing token is a 401 with a bare message.', async () => {
    const { sandbox } = await bench();

    const unknown = await caller(sandbox, 'nobody')('GET', '/v1/flows');
    const missing = await fetch(`${sandbox.url}/v1/flows`);

    expect(unknown.status).toBe(401);
    expect(unknown.body).toEqual({ message: expect.any(String) });
    expect(missing.status).toBe(401);
    await missing.text();
  });

  test('A revoked token is refused and its replacement taken.', async () => {
    const { sandbox, call } = await bench();

    sandbox.revokeToken('a', 'fresh');

    expect((await call('GET', '/v1/tokenInfo')).status).toBe(401);
    expect((await caller(sandbox, 'fresh')('GET', '/v1/tokenInfo')).status).toBe(200);
  });

  test('What one account holds is unknown to the other.', async () => {
    const sandbox = await started();
    const [flow] = sandbox.documents('blueprint', 'flows');

    const reply = await caller(sandbox, 'sandbox-acme-token')('GET', `/v1/flows/${flow?._id}`);

    expect(reply.status).toBe(404);
  });
});

describe('the rate limit', () => {
  test('A call beyond the bucket is a 429 that says when to come back, in whole seconds.', async () => {
    const { call } = await bench({ bucket: { size: 2, refillPerSecond: 0.4 } });

    const statuses = [await call('GET', '/v1/tokenInfo'), await call('GET', '/v1/tokenInfo')];
    const refused = await call('GET', '/v1/tokenInfo');

    expect(statuses.map(({ status }) => status)).toEqual([200, 200]);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('3');
    expect(refused.body.errors[0].code).toBe('rate_limited');
  });

  test('Each account has a bucket of its own.', async () => {
    const sandbox = await started({ bucket: { size: 1, refillPerSecond: 0.1 } });

    const statuses = [];
    for (const token of ['sandbox-blueprint-token', 'sandbox-blueprint-token', 'sandbox-acme-token']) {
      statuses.push((await caller(sandbox, token)('GET', '/v1/tokenInfo')).status);
    }

    expect(statuses).toEqual([200, 429, 200]);
    expect(sandbox.stats('blueprint')).toMatchObject({ calls: 2, rateLimited: 1 });
    expect(sandbox.stats('acme')).toMatchObject({ calls: 1, rateLimited: 0 });
  });

  test('Without a limit nothing is refused.', async () => {
    const { call, sandbox } = await bench({ bucket: 'unlimited' });

    await Promise.all(Array.from({ length: 50 }, () => call('GET', '/v1/tokenInfo')));

    expect(sandbox.stats('a')).toMatchObject({ calls: 50, rateLimited: 0, byStatus: { 200: 50 } });
  });
});
