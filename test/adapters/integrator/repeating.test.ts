import { describe, expect, test } from '@jest/globals';
import { exchangeOver } from '../../../adapters/integrator/index.ts';
import { clientFor, rejectionOf } from './clientFor.ts';
import { type Reply, ScriptedServer } from './scriptedServer.ts';

const ID = '55ea78c6b751843c37b7b367';
const DOCUMENT = { _id: ID, name: 'Orders' };
const OK: Reply = { json: DOCUMENT };

describe('reads, PUT and DELETE', () => {
  test.each<[string, Reply]>([
    ['500', { status: 500 }],
    ['502 with a page of HTML', { status: 502, text: '<html>Bad gateway</html>' }],
    ['503', { status: 503 }],
    ['504', { status: 504 }],
    ['a dropped connection', 'drop'],
    ['a body that breaks off', 'cut'],
    ['a body that is no JSON', { text: '<html>hello</html>' }],
    ['an empty body', { status: 200 }],
  ])('survive eight times %s', async (_, failure) => {
    await using server = await ScriptedServer.start(...Array<Reply>(8).fill(failure), OK);
    const { client, clock } = clientFor(server);

    expect(await client.flows.get(ID)).toEqual(DOCUMENT);

    expect(client.stats()).toEqual({ calls: 9, retries: 8, rateLimited: 0 });
    expect(clock.elapsed).toBeLessThan(60_000);
  });

  test('wait longer and longer, within a minute even with the worst of luck', async () => {
    await using server = await ScriptedServer.start({ status: 503 });
    const { client, clock } = clientFor(server, { random: () => 0.999_999 });

    const error = await rejectionOf(client.flows.update(ID, DOCUMENT));

    expect(error).toMatchObject({ code: 'upstream_failed', status: 503 });
    expect(server.received.length).toBeGreaterThanOrEqual(9);
    expect(clock.slept.slice(0, 6).map(Math.round)).toEqual([150, 300, 600, 1200, 2400, 4800]);
    expect(clock.elapsed).toBeLessThanOrEqual(60_000);
  });

  test('jitter spreads each wait from nothing to the whole', async () => {
    await using server = await ScriptedServer.start({ status: 503 }, { status: 503 }, OK);
    const draws = [0, 0.25];
    const { client, clock } = clientFor(server, { random: () => draws.shift() ?? 1 });

    await client.flows.get(ID);

    expect(clock.slept).toEqual([0, 75]);
  });

  test('wait as long as a failing server asks, within reason', async () => {
    await using server = await ScriptedServer.start(
      { status: 503, headers: { 'retry-after': '7' } },
      { status: 503, headers: { 'retry-after': '600' } },
      OK,
    );
    const { client, clock } = clientFor(server);

    await client.flows.get(ID);

    expect(clock.slept).toEqual([7000, 30_000]);
  });

  test('stop when a minute is spent, however few the tries', async () => {
    await using server = await ScriptedServer.start({ status: 503, headers: { 'retry-after': '600' } });
    const { client } = clientFor(server);

    expect(await rejectionOf(client.flows.get(ID))).toMatchObject({ code: 'upstream_failed' });
    expect(server.received).toHaveLength(3);
  });

  test('a DELETE whose answer was lost takes 404 for done', async () => {
    await using server = await ScriptedServer.start('drop', { status: 404 });

    expect(await clientFor(server).client.flows.delete(ID)).toBe(true);
  });

  test('a server that never answers is given up after the timeout, and asked again', async () => {
    await using server = await ScriptedServer.start('hang', OK);
    const { client } = clientFor(server, { requestTimeoutMs: 50 });

    expect(await client.flows.get(ID)).toEqual(DOCUMENT);
    expect(server.received).toHaveLength(2);
  });

  test('nobody listening is an upstream failure in the end', async () => {
    const server = await ScriptedServer.start(OK);
    const { client } = clientFor(server);
    await server[Symbol.asyncDispose]();

    const error = await rejectionOf(client.flows.get(ID));

    expect(error).toMatchObject({ code: 'upstream_failed', status: undefined });
    expect(String(error)).toContain('ECONNREFUSED');
  });

  test('a PATCH is repeated where doing it twice is doing it once', async () => {
    await using server = await ScriptedServer.start('drop', { status: 204 });
    const { client } = clientFor(server);

    await client.flows.patch(ID, [{ op: 'replace', path: '/disabled', value: false }]);

    expect(server.received).toHaveLength(2);
  });

  test.each([
    { op: 'add' as const, path: '/tags/-', value: 'x' },
    { op: 'remove' as const, path: '/tags/0' },
  ])('a PATCH that would do more the second time is not: %j', async (operation) => {
    await using server = await ScriptedServer.start('drop', { status: 204 });

    const error = await rejectionOf(clientFor(server).client.flows.patch(ID, [operation]));

    expect(error).toMatchObject({ code: 'answer_lost' });
    expect(server.received).toHaveLength(1);
  });
});

describe('a POST', () => {
  test.each<[string, Reply]>([
    ['500', { status: 500 }],
    ['502', { status: 502 }],
    ['503 with Retry-After', { status: 503, headers: { 'retry-after': '1' } }],
    ['504', { status: 504 }],
    ['a dropped connection', 'drop'],
    ['a body that breaks off', 'cut'],
    ['201 without a body', { status: 201 }],
    ['201 with something else', { status: 201, json: { ok: true } }],
  ])('is not repeated after %s: it may have happened', async (_, failure) => {
    await using server = await ScriptedServer.start(failure, OK);
    const { client } = clientFor(server);

    const error = await rejectionOf(client.flows.create({ name: 'Orders' }));

    expect(error).toMatchObject({ code: 'answer_lost', method: 'POST', path: '/v1/flows' });
    expect(server.received).toHaveLength(1);
    expect(client.stats()).toEqual({ calls: 1, retries: 0, rateLimited: 0 });
  });

  test('is not repeated after a timeout', async () => {
    await using server = await ScriptedServer.start('hang');

    const error = await rejectionOf(
      clientFor(server, { requestTimeoutMs: 50 }).client.flows.create({ name: 'Orders' }),
    );

    expect(error).toMatchObject({ code: 'answer_lost' });
    expect(server.received).toHaveLength(1);
  });

  test('clone and run are not repeated either', async () => {
    await using server = await ScriptedServer.start('drop');
    const { client } = clientFor(server);

    expect(await rejectionOf(client.flows.clone(ID, {}))).toMatchObject({ code: 'answer_lost' });
    expect(await rejectionOf(client.flows.run(ID))).toMatchObject({ code: 'answer_lost' });
    expect(server.received).toHaveLength(2);
  });

  test('a clone may take longer than other calls', async () => {
    await using server = await ScriptedServer.start('hang');
    const { client } = clientFor(server, { requestTimeoutMs: 10_000, cloneTimeoutMs: 50 });

    expect(await rejectionOf(client.flows.clone(ID, {}))).toMatchObject({ code: 'answer_lost' });
  });

  test('is repeated after 429, since nothing was done then', async () => {
    const limited: Reply = { status: 429, headers: { 'retry-after': '1' } };
    await using server = await ScriptedServer.start(limited, limited, { status: 201, json: DOCUMENT });
    const { client } = clientFor(server);

    expect(await client.flows.create({ name: 'Orders' })).toEqual(DOCUMENT);
    expect(client.stats()).toEqual({ calls: 3, retries: 0, rateLimited: 2 });
  });

  test('that never left is repeated', async () => {
    await using server = await ScriptedServer.start({ status: 201, json: DOCUMENT });
    const closed = await ScriptedServer.start(OK);
    const nowhere = closed.url;
    await closed[Symbol.asyncDispose]();
    let tries = 0;
    const { client } = clientFor(server, {
      exchange: exchangeOver((url, init) => {
        const isFirst = tries++ === 0;
        return isFirst ? fetch(nowhere, { method: 'POST' }) : fetch(url, init);
      }),
    });

    const outcome = await client.flows.create({ name: 'Orders' }).catch((error: unknown) => error);

    expect(tries).toBe(2);
    expect(outcome).toEqual(DOCUMENT);
  });

  test('a ping is only a question, and is repeated', async () => {
    await using server = await ScriptedServer.start('drop', { status: 200 });

    expect(await clientFor(server).client.ping(ID)).toBe(true);
  });
});

describe('429', () => {
  test('is obeyed as often as it comes and never counts as a try', async () => {
    const limited: Reply = { status: 429, headers: { 'retry-after': '2' } };
    await using server = await ScriptedServer.start(...Array<Reply>(30).fill(limited), OK);
    const { client, clock } = clientFor(server);

    expect(await client.flows.get(ID)).toEqual(DOCUMENT);

    expect(client.stats()).toEqual({ calls: 31, retries: 0, rateLimited: 30 });
    expect(clock.elapsed).toBeGreaterThanOrEqual(60_000);
  });

  test.each([
    [
      'an HTTP date',
      { 'retry-after': 'Sun, 22 Nov 2026 10:00:05 GMT', date: 'Sun, 22 Nov 2026 10:00:00 GMT' },
      5000,
    ],
    ['nothing', {}, 2000],
    ['nonsense', { 'retry-after': 'soon' }, 2000],
    ['a negative number', { 'retry-after': '-5' }, 2000],
  ])('with %s as Retry-After', async (_, headers, waitMs) => {
    await using server = await ScriptedServer.start({ status: 429, headers }, OK);
    const { client, clock } = clientFor(server);

    await client.flows.get(ID);

    expect(clock.slept[0]).toBe(waitMs);
  });
});

describe('401', () => {
  test('fetches the token again, once for all calls that were refused with it', async () => {
    await using server = await ScriptedServer.start((request) =>
      request.headers.authorization === 'Bearer fresh' ? OK : { status: 401, json: { message: 'no' } },
    );
    const asked: boolean[] = [];
    const { client } = clientFor(server, {
      token: async ({ refresh }) => {
        asked.push(refresh);
        return refresh ? 'fresh' : 'stale';
      },
    });

    await Promise.all([client.flows.get(ID), client.flows.get(ID), client.flows.create({ name: 'x' })]);

    expect(asked).toEqual([false, true]);
    expect(server.received).toHaveLength(6);
  });

  test('is account_unauthorized when the fresh token is refused too', async () => {
    await using server = await ScriptedServer.start({ status: 401, json: { message: 'Unauthorized' } });
    const { client } = clientFor(server, { token: async () => 'revoked' });

    const error = await rejectionOf(client.flows.get(ID));

    expect(error).toMatchObject({
      code: 'account_unauthorized',
      status: 401,
      errors: [{ code: 'http_401', message: 'Unauthorized' }],
    });
    expect(server.received).toHaveLength(2);
  });

  test('is final at once for a token that can not be fetched again', async () => {
    await using server = await ScriptedServer.start({ status: 401 });

    const error = await rejectionOf(clientFor(server).client.flows.create({ name: 'x' }));

    expect(error).toMatchObject({ code: 'account_unauthorized' });
    expect(server.received).toHaveLength(1);
  });
});

describe('an abort signal', () => {
  test('ends a call that is under way with its reason', async () => {
    const controller = new AbortController();
    await using server = await ScriptedServer.start(() => {
      controller.abort(new Error('the lease is lost'));
      return 'hang';
    });
    const { client } = clientFor(server, { signal: controller.signal });

    await expect(client.flows.get(ID)).rejects.toThrow('the lease is lost');
    await expect(client.flows.get(ID)).rejects.toThrow('the lease is lost');
    expect(server.received).toHaveLength(1);
  });

  test('ends the wait before a repeat', async () => {
    const controller = new AbortController();
    await using server = await ScriptedServer.start(() => {
      setImmediate(() => controller.abort(new Error('stop')));
      return { status: 503 };
    });
    const { client } = clientFor(server, { signal: controller.signal });

    await expect(client.flows.get(ID)).rejects.toThrow('stop');
  });
});

describe('how long a call goes without a good answer', () => {
  test('grows over its repeats, and is over with the answer', async () => {
    const seen: number[] = [];
    const reply = (answer: Reply) => () => {
      seen.push(client.unansweredMs());
      return answer;
    };
    const failure: Reply = { status: 503, headers: { 'retry-after': '7' } };
    await using server = await ScriptedServer.start(reply(failure), reply('drop'), reply(OK));
    const { client } = clientFor(server, { random: () => 0 });

    await client.flows.get(ID);

    expect(seen).toEqual([0, 7_000, 7_000]);
    expect(client.unansweredMs()).toBe(0);
  });

  test('counts no wait that a 429 asks for', async () => {
    const seen: number[] = [];
    await using server = await ScriptedServer.start({ status: 429, headers: { 'retry-after': '5' } }, () => {
      seen.push(client.unansweredMs());
      return OK;
    });
    const { client } = clientFor(server);

    await client.flows.get(ID);

    expect(seen).toEqual([0]);
  });
});
