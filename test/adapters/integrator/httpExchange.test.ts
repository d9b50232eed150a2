import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHttpExchange, type HttpExchange } from '../../../adapters/integrator/index.ts';
import { clientFor, rejectionOf, TOKEN } from './clientFor.ts';
import { type Reply, ScriptedServer } from './scriptedServer.ts';

const DOCUMENT = { _id: 'abc', name: 'Grüße 👋' };

describe('a client over node:http', () => {
  let http: HttpExchange;

  beforeEach(() => {
    http = createHttpExchange();
  });

  afterEach(() => {
    http.close();
  });

  test('sends and reads the same as over the platform’s fetch', async () => {
    const headers = { date: 'Sun, 22 Nov 2026 10:00:00 GMT' };
    const answers: Record<string, Reply> = {
      GET: { json: DOCUMENT, headers },
      POST: { status: 201, json: DOCUMENT, headers },
      PUT: { json: DOCUMENT, headers },
      DELETE: { status: 204, headers },
    };
    await using server = await ScriptedServer.start(({ method }) => answers[method] ?? 'drop');
    const { client } = clientFor(server, { exchange: http.exchange });

    const results = [
      await client.flows.get('abc'),
      await client.flows.create(DOCUMENT),
      await client.flows.update('abc', DOCUMENT),
      await client.flows.delete('abc'),
    ];

    expect(results).toEqual([DOCUMENT, DOCUMENT, DOCUMENT, true]);
    expect(server.received.map(({ body }) => body)).toEqual([undefined, DOCUMENT, DOCUMENT, undefined]);
    expect(server.received[1]?.headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
    });
    expect(client.serverTime()).toBe(Date.parse('2026-11-22T10:00:00Z'));
  });

  test.each<[string, Reply]>([
    ['a dropped connection', 'drop'],
    ['a body that breaks off', 'cut'],
    ['no answer', 'hang'],
  ])('repeats a read after %s, and never a POST', async (_, failure) => {
    await using server = await ScriptedServer.start(failure, { json: DOCUMENT }, failure);
    const { client } = clientFor(server, { exchange: http.exchange, requestTimeoutMs: 100 });

    expect(await client.flows.get('abc')).toEqual(DOCUMENT);
    expect(await rejectionOf(client.flows.create(DOCUMENT))).toMatchObject({ code: 'answer_lost' });
    expect(server.received).toHaveLength(3);
  });

  test('repeats a POST that never left', async () => {
    const server = await ScriptedServer.start({ json: DOCUMENT });
    const { client } = clientFor(server, { exchange: http.exchange, retry: { limit: 2 } });
    await server[Symbol.asyncDispose]();

    const error = await rejectionOf(client.flows.create(DOCUMENT));

    expect(error).toMatchObject({ code: 'upstream_failed' });
    expect(client.stats()).toEqual({ calls: 3, retries: 2, rateLimited: 0 });
  });

  test('follows no redirect', async () => {
    await using server = await ScriptedServer.start({ status: 307, headers: { location: '/v1/elsewhere' } });

    const error = await rejectionOf(
      clientFor(server, { exchange: http.exchange }).client.flows.create(DOCUMENT),
    );

    expect(error).toMatchObject({ code: 'refused', status: 307 });
    expect(server.received).toHaveLength(1);
  });

  test('ends with the reason of an abort', async () => {
    const controller = new AbortController();
    await using server = await ScriptedServer.start(() => {
      controller.abort(new Error('enough'));
      return 'hang';
    });
    const { client } = clientFor(server, { exchange: http.exchange, signal: controller.signal });

    await expect(client.flows.get('abc')).rejects.toThrow('enough');
  });

  test('obeys a 429 and survives what follows', async () => {
    await using server = await ScriptedServer.start(
      { status: 429, headers: { 'retry-after': '3' } },
      { status: 503 },
      { json: [DOCUMENT] },
    );
    const { client, clock } = clientFor(server, { exchange: http.exchange });

    expect(await client.flows.list()).toEqual([DOCUMENT]);
    expect(clock.slept[0]).toBe(3000);
    expect(client.stats()).toEqual({ calls: 3, retries: 1, rateLimited: 1 });
  });
});
