import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { systemClock } from '../../../adapters/integrator/index.ts';
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

function eventOf(body: object): APIGatewayProxyEventV2 {
  return {
    routeKey: 'POST /clone',
    headers: { 'x-api-key': 'key-of-all', 'content-type': 'application/json' },
    requestContext: { requestId: 'one' },
    body: JSON.stringify(body),
    isBase64Encoded: false,
  } as unknown as APIGatewayProxyEventV2;
}
