import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createEventBridgeSchedules } from '../../adapters/schedules/index.ts';
import type { JsonObject } from '../../core/model/resource.ts';
import { carryRun, isRunId } from '../../core/sync/index.ts';
import type { HttpHandler } from '../../lambdas/http/service.ts';
import type { ApiKey } from '../../lambdas/ports.ts';
import { syncScheduleHandler } from '../../lambdas/sync-schedule/handler.ts';
import { syncsHandler } from '../../lambdas/syncs/handler.ts';
import type { SyncsPorts } from '../../lambdas/syncs/ports.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../../local/gateway.ts';
import { startLambda } from '../../local/standins/lambda.ts';
import { startScheduler } from '../../local/standins/scheduler.ts';
import { localClientConfig } from '../../local/standins/server.ts';
import { definition, tenant, useWorld } from '../core/sync/world.ts';

const KEYS: Readonly<Record<string, ApiKey>> = {
  admin: { id: 'admin', accounts: ['*'], admin: true },
  user: { id: 'user', accounts: ['*'], admin: false },
  acme: { id: 'acme', accounts: ['acme'], admin: true },
  two: { id: 'two', accounts: ['blueprint', 'acme'], admin: true },
};

const world = useWorld();
let gateway: Gateway;
let url: string;
let ports: SyncsPorts;
let scheduled: Map<string, { expression: string; timezone?: string | undefined }>;

beforeEach(async () => {
  const { harness, sync } = world;
  scheduled = new Map();
  const worker: SyncsPorts['worker'] = {
    start: async (id, attempt) => {
      if (!isRunId(id)) return sync.ports.worker.start(id, attempt);
      const runs = carryRun(sync.ports);
      void (async () => {
        while ((await runs.advance({ runId: id, attempt }, 60_000)).next !== 'stop');
      })();
    },
  };
  ports = {
    ...harness.ports,
    syncs: sync.ports.syncs,
    worker,
    keys: { authenticate: async (key) => (Object.hasOwn(KEYS, key) ? KEYS[key] : undefined) },
    schedules: {
      put: async (name, schedule) => void scheduled.set(name, schedule),
      remove: async (name) => void scheduled.delete(name),
    },
    newCloneId: () => crypto.randomUUID(),
  };
  const handler: HttpHandler = syncsHandler(ports);
  const names = ['clone', 'clones', 'accounts', 'webhooks', 'syncs', 'meta'];
  const handlers = Object.fromEntries(names.map((name) => [name, handler]));
  gateway = createGateway({ handlers: handlers as GatewayOptions['handlers'] });
  ({ url } = await gateway.listen(0));
});

afterEach(() => gateway.close());

interface Answer {
  status: number;
  location: string | null;
  body: JsonObject;
}

async function call(method: string, path: string, body?: object, key = 'admin'): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { 'x-api-key': key, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  const parsed = text === '' ? {} : (JSON.parse(text) as JsonObject);
  return { status: response.status, location: response.headers.get('location'), body: parsed };
}

async function ended(path: string): Promise<JsonObject> {
  for (;;) {
    const { body } = await call('GET', path);
    if (body['status'] !== 'running') return body;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function codes({ body }: Answer): string[] {
  return (body['errors'] as JsonObject[]).map(({ code, path }) => `${code} ${path ?? ''}`.trim());
}

describe('a sync over HTTP', () => {
  test('is answered as it was put, every default filled in', async () => {
    const put = await call('PUT', '/syncs/nightly', definition({ schedule: 'rate(1 hour)' }));
    const again = await call(
      'PUT',
      '/syncs/nightly',
      definition({ timezone: 'Europe/Berlin', concurrency: 2 }),
    );
    const got = await call('GET', '/syncs/nightly');
    const listed = await call('GET', '/syncs');

    expect([put.status, again.status, got.status]).toEqual([201, 200, 200]);
    expect(put.body).toMatchObject({
      sync: 'nightly',
      schedule: 'rate(1 hour)',
      onConflict: 'keep-target',
      prune: 'keep',
      maxPruneShare: 0.2,
      canary: 0,
      stopAtFailureShare: 0.2,
      concurrency: 5,
      rateShare: 0.3,
    });
    expect(got.body).toEqual(again.body);
    expect(got.body).toMatchObject({ concurrency: 2, timezone: 'Europe/Berlin' });
    expect(got.body['schedule']).toBeUndefined();
    expect(listed.body).toEqual({ syncs: [got.body], next: null });
  });

  test('can be read, changed and put, with all that the answer tells besides', async () => {
    await call('PUT', '/syncs/nightly', definition({ concurrency: 2, prune: 'disable' }));
    const { location } = await call('POST', '/syncs/nightly/run', {});
    await ended(String(location));
    const { body: got } = await call('GET', '/syncs/nightly');

    const same = await call('PUT', '/syncs/nightly', got);
    const changed = await call('PUT', '/syncs/nightly', { ...got, concurrency: 3 });
    const copied = await call('PUT', '/syncs/weekly', got);

    expect(got).toHaveProperty('lastRun.status', 'succeeded');
    expect(same).toMatchObject({ status: 200, body: { ...got, updatedAt: expect.any(String) } });
    expect(changed.body).toEqual({
      ...same.body,
      concurrency: 3,
      updatedAt: expect.any(String),
    });
    expect([copied.status, copied.body['sync'], copied.body['lastRun']]).toEqual([201, 'weekly', undefined]);
    expect(copied.body['createdAt']).not.toBe(got['createdAt']);
  });

  test('has its schedule kept as long as it has one', async () => {
    await call(
      'PUT',
      '/syncs/nightly',
      definition({ schedule: 'cron(0 3 * * ? *)', timezone: 'Europe/Berlin' }),
    );
    const first = new Map(scheduled);
    await call('PUT', '/syncs/nightly', definition());

    expect(first.get('nightly')).toEqual({ expression: 'cron(0 3 * * ? *)', timezone: 'Europe/Berlin' });
    expect(scheduled.size).toBe(0);
  });

  test('runs, and tells what it did in each target', async () => {
    await call('PUT', '/syncs/nightly', definition());

    const begun = await call('POST', '/syncs/nightly/run', {}, 'user');
    const run = await ended(String(begun.location));
    const runs = await call('GET', '/syncs/nightly/runs');
    const sync = await call('GET', '/syncs/nightly');

    expect(begun.status).toBe(202);
    expect(begun.location).toBe(`/syncs/nightly/runs/${String(begun.body['runId'])}`);
    expect(run).toMatchObject({
      mode: 'apply',
      status: 'succeeded',
      trigger: 'request',
      targets: [{ account: 'acme', status: 'changed', applied: 17, kept: 0, conflicts: [] }],
    });
    expect(runs.body).toMatchObject({ runs: [{ status: 'succeeded', counts: { changed: 1 } }], next: null });
    expect(sync.body).toMatchObject({ lastRun: { runId: begun.body['runId'], status: 'succeeded' } });
  });

  test('reports without writing, and lists its runs newest first, page by page', async () => {
    await call('PUT', '/syncs/nightly', definition());
    const report = await call('POST', '/syncs/nightly/run', { mode: 'report' });
    const reported = await ended(String(report.location));
    await new Promise((resolve) => setTimeout(resolve, 2));
    const second = await call('POST', '/syncs/nightly/run', { mode: 'report' });
    await ended(String(second.location));

    const page = await call('GET', '/syncs/nightly/runs?limit=1');
    const rest = await call(
      'GET',
      `/syncs/nightly/runs?limit=1&cursor=${encodeURIComponent(String(page.body['next']))}`,
    );

    expect(reported).toMatchObject({ mode: 'report', targets: [{ status: 'changed', applied: 17 }] });
    expect((reported['targets'] as JsonObject[])[0]).not.toHaveProperty('cloneId');
    expect(world.documents('flows')).toEqual([]);
    expect(page.body).toMatchObject({ runs: [{ runId: second.body['runId'] }] });
    expect(rest.body).toMatchObject({ runs: [{ runId: report.body['runId'] }], next: null });
  });

  test.each([
    ['no type', {}],
    ['the type of JSON', { 'content-type': 'application/json' }],
  ])('runs at once without a body, with %s', async (_, headers) => {
    await call('PUT', '/syncs/nightly', definition());

    const answer = await fetch(`${url}/syncs/nightly/run`, {
      method: 'POST',
      headers: { 'x-api-key': 'user', ...(headers as Record<string, string>) },
    });
    const run = await ended(String(answer.headers.get('location')));

    expect(answer.status).toBe(202);
    expect(run).toMatchObject({ mode: 'apply', status: 'succeeded', targets: [{ status: 'changed' }] });
  });

  test('can be canceled, and a canceled run says so of each target', async () => {
    await call(
      'PUT',
      '/syncs/nightly',
      definition({ targets: [tenant('acme'), tenant('beta')], concurrency: 1 }),
    );
    const begun = await call('POST', '/syncs/nightly/run', {});

    const canceled = await call('POST', `${begun.location}/cancel`);
    const run = await ended(String(begun.location));

    expect(canceled.status).toBe(202);
    expect(run['status']).toMatch(/^(failed|partial)$/);
    expect((run['targets'] as JsonObject[])[1]).toMatchObject({
      status: 'skipped',
      error: { code: 'canceled' },
    });
  });

  test('is gone once it is deleted, its schedule with it', async () => {
    await call('PUT', '/syncs/nightly', definition({ schedule: 'rate(5 minutes)' }));

    const deleted = await call('DELETE', '/syncs/nightly');

    expect(deleted.status).toBe(204);
    expect(scheduled.size).toBe(0);
    expect(codes(await call('GET', '/syncs/nightly'))).toEqual(['sync_not_found']);
    expect((await call('DELETE', '/syncs/nightly')).status).toBe(404);
  });
});

describe('what is refused', () => {
  test('is a sync with wrong fields: every one is listed', async () => {
    const wrong = {
      ...definition(),
      schedule: 'every hour',
      timezone: 'Europe/Atlantis',
      prune: 'everything',
      maxPruneShare: 2,
      concurrency: 0,
      onConflict: [{ type: 'flow', path: 'schedule', policy: 'keep-target' }],
      surprise: true,
    };

    const answer = await call('PUT', '/syncs/nightly', wrong);

    expect(answer.status).toBe(422);
    expect(codes(answer).sort()).toEqual(
      [
        '/concurrency',
        '/maxPruneShare',
        '/onConflict/0/path',
        '/prune',
        '/schedule',
        '/surprise',
        '/timezone',
      ].map((path) => `invalid_request ${path}`),
    );
  });

  test.each(['+01:00', '-0500', ''])('is the time zone %j, which has no name', async (timezone) => {
    const answer = await call('PUT', '/syncs/nightly', definition({ schedule: 'rate(1 hour)', timezone }));

    expect([answer.status, codes(answer)]).toEqual([422, ['invalid_request /timezone']]);
  });

  test('is a target that stands there twice, and a name that is none', async () => {
    const twice = await call(
      'PUT',
      '/syncs/nightly',
      definition({ targets: [tenant('acme'), tenant('acme')] }),
    );
    const name = await call('PUT', '/syncs/Nightly%20Run', definition());

    expect(codes(twice)).toEqual(['invalid_request /targets']);
    expect(codes(name)).toEqual(['invalid_request /path/sync']);
  });

  test('is an account that is unknown, or not the key’s', async () => {
    const unknown = await call('PUT', '/syncs/nightly', definition({ targets: [tenant('nobody')] }));
    const foreign = await call('PUT', '/syncs/nightly', definition(), 'acme');

    expect([unknown.status, codes(unknown)]).toEqual([404, ['account_not_found /targets/0/account']]);
    expect([foreign.status, codes(foreign)]).toEqual([403, ['account_forbidden /source/account']]);
  });

  test('is writing with a key that is no admin’s', async () => {
    await call('PUT', '/syncs/nightly', definition());

    const put = await call('PUT', '/syncs/nightly', definition(), 'user');
    const deleted = await call('DELETE', '/syncs/nightly', undefined, 'user');

    expect([put.status, deleted.status]).toEqual([403, 403]);
    expect(codes(put)).toEqual(['admin_required']);
  });

  test('is a look at a sync over accounts that the key may not use: it does not exist', async () => {
    await call('PUT', '/syncs/nightly', definition());

    expect(codes(await call('GET', '/syncs/nightly', undefined, 'acme'))).toEqual(['sync_not_found']);
    expect((await call('GET', '/syncs', undefined, 'acme')).body).toEqual({ syncs: [], next: null });
  });

  test('is a look at runs over accounts that the key may not use, also of an earlier sync of that name', async () => {
    const seen = async (key: string) => {
      const listed = await call('GET', '/syncs', undefined, key);
      const one = await call('GET', '/syncs/nightly', undefined, key);
      const runs = await call('GET', '/syncs/nightly/runs', undefined, key);
      return [...(listed.body['syncs'] as JsonObject[]), one.body]
        .map(({ lastRun }) => lastRun !== undefined)
        .concat((runs.body['runs'] as JsonObject[]).length > 0);
    };
    await call('PUT', '/syncs/nightly', definition({ targets: [tenant('acme'), tenant('beta')] }));
    const { location } = await call('POST', '/syncs/nightly/run', { mode: 'report' });
    await ended(String(location));
    const { body } = await call('PUT', '/syncs/nightly', definition(), 'admin');

    const narrowed = [await seen('two'), await seen('admin')];
    const answered = await call('PUT', '/syncs/nightly', definition(), 'two');
    await call('DELETE', '/syncs/nightly', undefined, 'two');
    await call('PUT', '/syncs/nightly', definition(), 'two');

    expect(body).toHaveProperty('lastRun');
    expect(narrowed).toEqual([
      [false, false, false],
      [true, true, true],
    ]);
    expect(answered.body).not.toHaveProperty('lastRun');
    expect([await seen('two'), await seen('admin')]).toEqual([
      [false, false, false],
      [false, false, true],
    ]);
  });

  test('is a body that is not JSON, or does not say so, however little is asked for', async () => {
    await call('PUT', '/syncs/nightly', definition());
    const send = async (body: string, type: string) => {
      const headers = { 'x-api-key': 'user', 'content-type': type };
      return (await fetch(`${url}/syncs/nightly/run`, { method: 'POST', headers, body })).status;
    };

    expect([await send(' ', 'application/json'), await send('{}', 'text/plain')]).toEqual([400, 415]);
  });

  test('is a run of an unknown sync, of an unknown target, and a run that there is not', async () => {
    await call('PUT', '/syncs/nightly', definition());

    expect(codes(await call('POST', '/syncs/none/run', {}))).toEqual(['sync_not_found']);
    expect(codes(await call('POST', '/syncs/nightly/run', { targets: ['acme', 'beta'] }))).toEqual([
      'invalid_request /targets/1',
    ]);
    expect(codes(await call('POST', '/syncs/nightly/run', { mode: 'write' }))).toEqual([
      'invalid_request /mode',
    ]);
    expect(codes(await call('GET', '/syncs/nightly/runs/run-1'))).toEqual(['run_not_found']);
    expect((await call('GET', '/syncs')).body['syncs']).toHaveLength(1);
  });
});

describe('a schedule that calls', () => {
  const at = '2026-03-10T09:00:00Z';

  test('begins one run, however often it calls for one moment', async () => {
    await call('PUT', '/syncs/nightly', definition({ schedule: 'rate(1 hour)' }));
    const handler = syncScheduleHandler(ports);

    const first = await handler({ sync: 'nightly', time: at });
    const run = await ended(`/syncs/nightly/runs/${first.runId}`);
    const second = await handler({ sync: 'nightly', time: at });

    expect(run).toMatchObject({ status: 'succeeded', trigger: 'schedule' });
    expect(second).toEqual(first);
    expect((await call('GET', '/syncs/nightly/runs')).body['runs']).toHaveLength(1);
  });

  test('begins nothing for a sync that is gone, or has no schedule any more', async () => {
    await call('PUT', '/syncs/nightly', definition());
    const handler = syncScheduleHandler(ports);

    expect(await handler({ sync: 'nightly', time: at })).toEqual({ runId: null });
    expect(await handler({ sync: 'none', time: at })).toEqual({ runId: null });
  });
});

describe('schedules in EventBridge Scheduler', () => {
  test('call the function when they are due, are changed in place, and go', async () => {
    const calls: { sync: string; time: string }[] = [];
    const lambda = await startLambda();
    lambda.register('starter', {
      kind: 'plain',
      handler: async (event) => void calls.push(event as (typeof calls)[number]),
    });
    const scheduler = await startScheduler({ lambdaEndpoint: lambda.endpoint });
    const schedules = createEventBridgeSchedules({
      client: new SchedulerClient(localClientConfig(scheduler.endpoint)),
      groupName: 'flowferry',
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:starter',
      roleArn: 'arn:aws:iam::000000000000:role/scheduler',
    });
    try {
      const soon = new Date(Date.now() + 3_000).toISOString().slice(0, 19);
      await schedules.put('nightly', { expression: 'rate(1 day)' });
      await schedules.put('nightly', { expression: `at(${soon})` });
      await schedules.put('other', { expression: `at(${soon})`, timezone: 'UTC' });
      await schedules.remove('other');
      await schedules.remove('never-there');

      while (calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));

      expect(calls).toEqual([{ sync: 'nightly', time: `${soon}Z` }]);
    } finally {
      await scheduler.close();
      await lambda.close();
    }
  });
});
