import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { Reply } from '../../lambdas/http/call.ts';
import type { HttpFunctionName } from '../../lambdas/routes.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../../local/gateway.ts';

describe('the local gateway', () => {
  let gateway: Gateway;
  let url: string;
  let seen: { name: HttpFunctionName; event: APIGatewayProxyEventV2; context: Context }[];
  let reply: () => Promise<Reply>;

  const start = async (options: Partial<GatewayOptions> = {}): Promise<void> => {
    const handler = (name: HttpFunctionName) => async (event: APIGatewayProxyEventV2, context: Context) => {
      seen.push({ name, event, context });
      return reply();
    };
    const names: HttpFunctionName[] = ['clone', 'clones', 'accounts', 'meta'];
    const handlers = Object.fromEntries(names.map((name) => [name, handler(name)]));
    gateway = createGateway({ handlers: handlers as GatewayOptions['handlers'], ...options });
    ({ url } = await gateway.listen(0));
  };
  const only = () => {
    expect(seen).toHaveLength(1);
    return seen[0] as (typeof seen)[number];
  };
  /** Writes raw bytes and resolves with all that comes back until the connection ends. */
  const raw = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let received = '';
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
      socket.on('data', (chunk) => {
        received += chunk;
      });
      socket.on('error', reject);
      socket.on('close', () => resolve(received));
    });

  beforeEach(() => {
    seen = [];
    reply = async () => ({ statusCode: 200, body: 'ok' });
  });
  afterEach(() => gateway.close());

  test('makes an event of payload version 2.0', async () => {
    await start();

    await fetch(`${url}/clones/c%20d/actions?limit=3&tag=a&tag=b%2Cc`, {
      headers: { 'X-Api-Key': 'Key', cookie: 'a=1; b=2' },
    });

    const { name, event, context } = only();
    expect(name).toBe('clones');
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /clones/{cloneId}/actions',
      rawPath: '/clones/c%20d/actions',
      rawQueryString: 'limit=3&tag=a&tag=b%2Cc',
      queryStringParameters: { limit: '3', tag: 'a,b,c' },
      pathParameters: { cloneId: 'c d' },
      cookies: ['a=1', 'b=2'],
      headers: { 'x-api-key': 'Key' },
      isBase64Encoded: false,
      requestContext: { http: { method: 'GET' }, stage: '$default' },
    });
    expect(event.body).toBeUndefined();
    expect(event.headers['cookie']).toBeUndefined();
    expect(context.awsRequestId).toBe(event.requestContext.requestId);
    expect(context.getRemainingTimeInMillis()).toBeLessThanOrEqual(29_000);
  });

  test('hands text over as it is and other bytes as base64', async () => {
    await start();

    await fetch(`${url}/clone`, { method: 'POST', body: '{"é":1}' });
    await fetch(`${url}/clone`, { method: 'POST', body: new Uint8Array([0xff, 0x00]) });

    expect(seen.map(({ event }) => [event.body, event.isBase64Encoded])).toEqual([
      ['{"é":1}', false],
      ['/wA=', true],
    ]);
  });

  test('joins headers of one name by commas', async () => {
    await start();

    await raw('GET /health HTTP/1.1\r\nhost: x\r\nx-a: 1\r\nX-A: 2\r\nconnection: close\r\n\r\n');

    expect(only().event.headers['x-a']).toBe('1,2');
  });

  test.each([
    ['GET', '/clone'],
    ['POST', '/clones'],
    ['DELETE', '/clones/c'],
    ['GET', '/clones/'],
    ['GET', '/clones/a/b/c'],
    ['GET', '/Health'],
    ['GET', '/clones/%FF'],
    ['OPTIONS', '/clone'],
  ])('sends %s %s to the default route', async (method, path) => {
    await start();

    await fetch(`${url}${path}`, { method });

    expect(only()).toMatchObject({ name: 'meta', event: { routeKey: '$default' } });
  });

  test('answers with the status, headers, cookies and bytes of the handler', async () => {
    reply = async () => ({
      statusCode: 201,
      headers: { location: '/clones/c', 'x-number': 7 },
      cookies: ['a=1', 'b=2'],
      body: Buffer.from([1, 255]).toString('base64'),
      isBase64Encoded: true,
    });
    await start();

    const response = await fetch(`${url}/clone`, { method: 'POST' });

    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe('/clones/c');
    expect(response.headers.get('x-number')).toBe('7');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([1, 255]));
  });

  test('says 500 in its own words when a handler throws', async () => {
    reply = () => Promise.reject(new Error('planted'));
    await start();

    const response = await fetch(`${url}/health`);

    expect(response.status).toBe(500);
    expect(await response.text()).toBe('{"message":"Internal Server Error"}');
  });

  test.each([
    ['announced', `POST /clone HTTP/1.1\r\nhost: x\r\ncontent-length: 11\r\n\r\n`],
    ['streamed', `POST /clone HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nb\r\n12345678901\r\n`],
  ])('refuses a body beyond its limit, %s, without waiting for the rest', async (_case, request) => {
    await start({ maxBodyBytes: 10 });

    const answer = await raw(request);

    expect(answer).toContain('413');
    expect(seen).toEqual([]);
  });

  test('gives up on a body that does not arrive', async () => {
    await start({ arrivalTimeoutMs: 200 });

    const answer = await raw('POST /clone HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{');

    expect(answer).toContain('408');
    expect(seen).toEqual([]);
  });

  test('answers what is no HTTP', async () => {
    await start();

    const answer = await raw('hello\r\n\r\n');

    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request/);
  });

  test('serves no more at a time than it may', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const arrived = new Promise<void>((resolve) => {
      reply = async () => {
        resolve();
        await held;
        return { statusCode: 200 };
      };
    });
    await start({ concurrency: 1 });

    const first = fetch(`${url}/health`);
    await arrived;
    const second = await fetch(`${url}/health`);
    release();

    expect(second.status).toBe(503);
    expect((await first).status).toBe(200);
  });

  test('answers what is under way before it closes', async () => {
    let release = () => {};
    const arrived = new Promise<void>((resolve) => {
      reply = async () => {
        resolve();
        await new Promise<void>((go) => {
          release = go;
        });
        return { statusCode: 200 };
      };
    });
    await start();

    const request = fetch(`${url}/health`);
    await arrived;
    const closed = gateway.close();
    release();

    expect((await request).status).toBe(200);
    await closed;
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });
});
