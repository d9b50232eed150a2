import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { systemClock } from '../../../adapters/integrator/index.ts';
import type { Account } from '../../../core/ports.ts';
import { cloneHandler } from '../../../lambdas/clone/handler.ts';
import { cloneBody, type Service, startService } from '../support.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

test('A dry run that takes longer than an answer may is told to be too slow, not left to time out.', async () => {
  const handler = cloneHandler({
    ...service.ports,
    clock: { ...systemClock, sleep: async () => undefined },
    engine: { ...service.ports.engine, planOnly: () => new Promise(() => {}) },
  });

  const reply = await handler(eventOf({ ...cloneBody(), dryRun: true, rateShare: 1e-9 }), {} as Context);

  expect(reply).toMatchObject({ statusCode: 429, headers: { 'retry-after': '30' } });
  expect(JSON.parse(reply.body ?? '')).toMatchObject({ code: 'throttled', status: 429 });
});

test('Where integrator.io does not answer, that is told, and no limit of ours is blamed.', async () => {
  const silence: Record<string, number> = { blueprint: 40, acme: 26_400 };
  const handler = cloneHandler({
    ...service.ports,
    clock: { ...systemClock, sleep: () => new Promise((resolve) => setImmediate(resolve)) },
    accounts: {
      open: async (name) => ({ name, unansweredMs: () => silence[name] ?? 0 }) as Account,
    },
    engine: {
      ...service.ports.engine,
      planOnly: async ({ accounts }, { source, target, rateShare }) => {
        for (const { account } of [source, target]) await accounts.open(account, { rateShare });
        return new Promise(() => {});
      },
    },
  });

  const reply = await handler(eventOf({ ...cloneBody(), dryRun: true }), {} as Context);

  expect(reply).toMatchObject({ statusCode: 502 });
  expect(JSON.parse(reply.body ?? '')).toMatchObject({
    code: 'upstream_failed',
    detail: expect.stringMatching(/integrator\.io .* "acme" in 26 s/),
  });
});

function eventOf(body: object): APIGatewayProxyEventV2 {
  return {
    routeKey: 'POST /clone',
    headers: { 'x-api-key': 'key-of-all', 'content-type': 'application/json' },
    requestContext: { requestId: 'one' },
    body: JSON.stringify(body),
    isBase64Encoded: false,
  } as unknown as APIGatewayProxyEventV2;
}
