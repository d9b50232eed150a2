import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Doors, FLOW_ID, KEY, startDoors } from './doors.ts';
import { startService } from './support.ts';

const TOKEN = 'sandbox-acme-token';

describe('accounts by API', () => {
  let doors: Doors;
  beforeAll(async () => {
    doors = await startDoors();
  });
  afterAll(() => doors.close());

  const put = (account: string, body: unknown, headers = {}) =>
    doors.call('PUT', `/accounts/${account}`, body, headers);
  const names = async () =>
    (await doors.call('GET', '/accounts')).body.accounts?.map(({ account }) => account);

  test('a token that integrator.io takes is stored, checked, replaced and forgotten', async () => {
    const input = { token: TOKEN, region: 'us', baseUrl: doors.sandboxUrl };

    const created = await put('tenant', input);
    const checked = await doors.call('POST', '/accounts/tenant/check');
    const replaced = await put('tenant', input);
    const listed = await names();
    const deleted = await doors.call('DELETE', '/accounts/tenant');
    const gone = await doors.call('POST', '/accounts/tenant/check');
    const listedThen = await names();
    const again = await put('tenant', input);
    await doors.call('DELETE', '/accounts/tenant');

    const state = { account: 'tenant', region: 'us', ok: true };
    expect([created.status, created.body]).toEqual([201, state]);
    expect([checked.status, checked.body]).toEqual([200, state]);
    expect([replaced.status, replaced.body]).toEqual([200, state]);
    expect(listed).toContain('tenant');
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect([gone.status, gone.body.code]).toEqual([404, 'account_not_found']);
    expect(listedThen).not.toContain('tenant');
    expect(again.status).toBe(201);
  });

  test('a clone can be planned into an account from the moment it is put until the moment it is deleted', async () => {
    const clone = () =>
      doors.call('POST', '/clone', {
        source: { account: 'blueprint', flowIds: [FLOW_ID] },
        target: { account: 'moment' },
        connections: 'match-name',
        dryRun: true,
      });

    const before = await clone();
    await put('moment', { token: TOKEN, baseUrl: doors.sandboxUrl });
    const then = await clone();
    await doors.call('DELETE', '/accounts/moment');
    const after = await clone();

    expect([before.status, then.status, after.status]).toEqual([404, 200, 404]);
  });

  test('a token that integrator.io refuses is not stored', async () => {
    const answer = await put('refused', { token: 'planted-token', baseUrl: doors.sandboxUrl });
    const check = await doors.call('POST', '/accounts/refused/check');

    expect([answer.status, answer.body.code]).toEqual([424, 'account_unauthorized']);
    expect(check.status).toBe(404);
    expect(await names()).not.toContain('refused');
    expect(doors.said()).not.toContain('planted-token');
  });

  test.each([
    ['no token', {}, ['/token']],
    ['a token that breaks out of its header', { token: 'a\r\nb: c' }, ['/token']],
    ['an unknown region', { token: 't', region: 'mars' }, ['/region']],
    ['an unknown field', { token: 't', secret: 'x' }, ['/secret']],
    ['an address that is not https', { token: 't', baseUrl: 'http://example.com' }, ['/baseUrl']],
    ['an address with a password', { token: 't', baseUrl: 'https://a:b@example.com' }, ['/baseUrl']],
  ])('%s is a wrong field', async (_case, body, paths) => {
    const answer = await put('wrong', body);

    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
    expect(answer.body.errors.flatMap(({ path }) => path ?? [])).toEqual(expect.arrayContaining(paths));
  });

  test('a name that no account can have is refused', async () => {
    const answer = await put('No%20Name', { token: TOKEN, baseUrl: doors.sandboxUrl });

    expect([answer.status, answer.body.errors[0]?.path]).toEqual([422, '/path/account']);
  });

  test.each([
    ['PUT', '/accounts/nobody-else', { token: 't' }],
    ['POST', '/accounts/acme/check', undefined],
    ['DELETE', '/accounts/acme', undefined],
    ['DELETE', '/accounts/acme/copies?source=blueprint', undefined],
  ])('%s %s takes a key', async (method, path, body) => {
    const without = await doors.call(method, path, body, { 'x-api-key': '' });

    expect([without.status, without.body.code]).toEqual([401, 'unauthorized']);
  });

  test('a name under which copies were made can’t be pointed elsewhere, until they are removed', async () => {
    const request = {
      source: { account: 'blueprint', flowIds: [FLOW_ID] },
      target: { account: 'acme' },
      connections: 'match-name',
    };
    const elsewhere = { token: 'sandbox-blueprint-token', baseUrl: doors.sandboxUrl };
    const clone = await doors.call('POST', '/clone', request);

    const early = await put('acme', elsewhere);
    const asked = await doors.call('DELETE', '/accounts/acme/copies?source=blueprint');
    const removed = await doors.settled(asked.body.cloneId ?? '');
    const undone = await doors.call('POST', `/clones/${asked.body.cloneId}/rollback`);
    const late = await put('acme', elsewhere);
    await put('acme', { token: TOKEN, baseUrl: doors.sandboxUrl });

    expect(clone.status).toBe(201);
    expect([early.status, early.body.code]).toEqual([409, 'account_changed']);
    expect(asked.status).toBe(202);
    expect(asked.headers.get('location')).toBe(`/clones/${asked.body.cloneId}`);
    expect(removed.body).toMatchObject({ status: 'succeeded', target: { account: 'acme' }, errors: [] });
    expect(removed.body.actions?.every(({ status }) => status === 'undone')).toBe(true);
    expect([undone.status, undone.body.code]).toEqual([409, 'clone_not_undoable']);
    expect(late.status).toBe(200);
  });

  test.each([
    ['/accounts/nobody/copies', 404],
    ['/accounts/acme/copies?source=nobody', 404],
    ['/accounts/acme/copies?source=NO', 422],
  ])('DELETE %s is refused', async (path, status) => {
    expect((await doors.call('DELETE', path)).status).toBe(status);
  });

  test('no answer and no line holds a token or the key', () => {
    for (const planted of [TOKEN, 'sandbox-blueprint-token', KEY]) {
      expect([planted, doors.said().includes(planted)]).toEqual([planted, false]);
    }
  });
});

describe('a key that may not administer', () => {
  test.each([
    ['PUT', '/accounts/acme'],
    ['POST', '/accounts/acme/check'],
    ['DELETE', '/accounts/acme'],
    ['DELETE', '/accounts/acme/copies'],
  ])('is refused at %s %s, whatever else is wrong', async (method, path) => {
    const service = await startService();
    try {
      const answer = await service.call(path, { method, headers: { 'x-api-key': 'key-of-acme' } });

      expect([answer.status, answer.body.code]).toEqual([403, 'admin_required']);
    } finally {
      await service.close();
    }
  });
});

describe('a key that administers some accounts', () => {
  test('removes what was cloned from those, and from all only where it names one', async () => {
    const service = await startService();
    try {
      const remove = (query: string) =>
        service.call(`/accounts/acme/copies${query}`, {
          method: 'DELETE',
          headers: { 'x-api-key': 'key-of-two' },
        });

      const all = await remove('');
      const others = await remove('?source=other');
      const own = await remove('?source=blueprint');

      expect([all.status, all.body.code, all.body.errors[0]?.path]).toEqual([
        403,
        'account_forbidden',
        '/query/source',
      ]);
      expect([others.status, others.body.code]).toEqual([403, 'account_forbidden']);
      expect(own.status).toBe(202);
      expect(service.started).toHaveLength(1);
    } finally {
      await service.close();
    }
  });
});

describe('a key that calls more often than it may', () => {
  test('is told to wait; what needs no key is not counted', async () => {
    const doors = await startDoors({
      functionVariables: { FLOWFERRY_KEY_RATE: '1', FLOWFERRY_KEY_BURST: '2' },
    });
    try {
      const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => doors.call('GET', '/accounts')));
      const health = await doors.call('GET', '/health');

      const limited = answers.filter(({ status }) => status === 429);
      expect(limited.length).toBeGreaterThan(0);
      expect(limited[0]?.body.code).toBe('throttled');
      expect(limited[0]?.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
      expect(health.status).toBe(200);
    } finally {
      await doors.close();
    }
  });
});
