import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Clock, Log } from '../../core/ports.ts';
import type { ProblemDocument } from '../../lambdas/http/problem.ts';
import type { HttpHandler } from '../../lambdas/http/service.ts';
import { ROUTE_LIMITS, STAGE_LIMIT } from '../../lambdas/route-limits.ts';
import type { RouteKey } from '../../lambdas/routes.ts';
import { createGateway, type Gateway } from '../../local/gateway.ts';
import { throttled } from '../../local/throttled.ts';
import { type Doors, startDoors } from '../lambdas/doors.ts';

describe('routes behind the limits of a deployment', () => {
  let now: number;
  let gateway: Gateway;
  let url: string;
  let served: string[];
  const lines: object[] = [];

  const start = async (factor = 1): Promise<void> => {
    const handler: HttpHandler = async ({ routeKey }) => {
      served.push(routeKey);
      return { statusCode: 200 };
    };
    const handlers = {
      clone: handler,
      clones: handler,
      accounts: handler,
      webhooks: handler,
      syncs: handler,
      meta: handler,
    };
    const clock: Clock = { now: () => now, monotonic: () => now, sleep: async () => undefined };
    const write = (message: string, fields?: object) => void lines.push({ message, ...fields });
    const log: Log = { info: write, warn: write, error: write };
    gateway = createGateway({ handlers: throttled(handlers, { factor, clock, log }) });
    ({ url } = await gateway.listen(0));
  };
  /** Calls as often as told, and counts the answers by their status. */
  const call = async (method: string, path: string, times = 1): Promise<Record<number, number>> => {
    const counts: Record<number, number> = {};
    for (let left = times; left > 0; left -= 50) {
      const calls = Array.from({ length: Math.min(50, left) }, () => fetch(`${url}${path}`, { method }));
      for (const { status } of await Promise.all(calls)) counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
  };
  const limitOf = (key: RouteKey) => ROUTE_LIMITS[key] ?? STAGE_LIMIT;

  beforeEach(() => {
    now = 1_000;
    served = [];
    lines.length = 0;
  });
  afterEach(() => gateway.close());

  test.each<[RouteKey, string]>([
    ['POST /clone', '/clone'],
    ['POST /webhooks/{hook}', '/webhooks/signup'],
    ['POST /accounts/{account}/check', '/accounts/acme/check'],
    ['POST /syncs/{sync}/run', '/syncs/nightly/run'],
  ])('%s takes its burst at once and then its rate', async (key, path) => {
    // Prepare
    const { rate, burst } = limitOf(key);
    await start();

    // Act
    const atOnce = await call('POST', path, burst + 5);
    now += 1_000;
    const later = await call('POST', path, rate + 5);

    // Assess
    expect([atOnce, later]).toEqual([
      { 200: burst, 429: 5 },
      { 200: rate, 429: 5 },
    ]);
    expect(served).toEqual(Array.from({ length: burst + rate }, () => key));
  });

  test('a route that is used up keeps nobody from another', async () => {
    // Prepare
    await start();
    await call('POST', '/syncs/nightly/run', limitOf('POST /syncs/{sync}/run').burst + 1);

    // Act and assess
    expect(await call('POST', '/clone')).toEqual({ 200: 1 });
    expect(await call('GET', '/syncs')).toEqual({ 200: 1 });
  });

  test('routes without a limit of their own share that of the stage, those that do not exist included', async () => {
    // Prepare
    await start();

    // Act
    await call('GET', '/clones', STAGE_LIMIT.burst);

    // Assess
    expect(await call('GET', '/accounts')).toEqual({ 429: 1 });
    expect(await call('GET', '/nowhere')).toEqual({ 429: 1 });
    expect(await call('GET', '/clones/one')).toEqual({ 200: 1 });
  });

  test('four that poll a clone twenty times a second are never refused', async () => {
    // Prepare
    await start();

    // Act
    const counts: Record<number, number>[] = [];
    for (let second = 0; second < 10; second += 1) {
      counts.push(await call('GET', '/clones/one', 80));
      now += 1_000;
    }

    // Assess
    expect(counts).toEqual(Array.from({ length: 10 }, () => ({ 200: 80 })));
  });

  test('is told as a problem, with the seconds to wait, the id of the request and the security headers', async () => {
    // Prepare
    await start();
    await call('POST', '/syncs/nightly/run', limitOf('POST /syncs/{sync}/run').burst);

    // Act
    const answer = await fetch(`${url}/syncs/nightly/run`, {
      method: 'POST',
      headers: { 'x-request-id': 'order-4711', 'x-api-key': 'planted-key' },
      body: 'x'.repeat(300_000),
    });

    // Assess
    const problem = (await answer.json()) as ProblemDocument;
    expect(answer.status).toBe(429);
    expect(problem).toMatchObject({
      type: 'urn:flowferry:problem:throttled',
      status: 429,
      code: 'throttled',
      errors: [{ code: 'throttled' }],
    });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.headers.get('x-request-id')).toBe('order-4711');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(lines).toMatchObject([{ message: 'request', route: 'POST /syncs/{sync}/run', status: 429 }]);
    expect(JSON.stringify(lines)).not.toContain('planted');
  });

  test('a factor multiplies all of them', async () => {
    // Prepare
    await start(3);
    const { burst } = limitOf('POST /syncs/{sync}/run');

    // Act and assess
    expect(await call('POST', '/syncs/nightly/run', 3 * burst + 1)).toEqual({ 200: 3 * burst, 429: 1 });
  });
});

describe('the local run with the limits of a deployment', () => {
  let doors: Doors;
  beforeEach(async () => {
    doors = await startDoors({ throttleFactor: 1 });
  });
  afterEach(() => doors.close());

  test('refuses what a deployment would refuse, and lets a clone and its polling through', async () => {
    // Act
    const runs = await Promise.all(
      Array.from({ length: 60 }, () => doors.call('POST', '/syncs/nobody/run', { mode: 'report' })),
    );
    const polled = await Promise.all(Array.from({ length: 100 }, () => doors.call('GET', '/clones/nobody')));

    // Assess
    const refused = runs.filter(({ status }) => status === 429);
    expect(new Set(runs.map(({ status }) => status))).toEqual(new Set([404, 429]));
    expect(runs.length - refused.length).toBeGreaterThanOrEqual(10);
    for (const { body, headers } of refused) {
      expect(body.code).toBe('throttled');
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
    expect(new Set(polled.map(({ status }) => status))).toEqual(new Set([404]));
  });
});
