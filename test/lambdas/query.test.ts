import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ROUTES, type Route, routeKeyOf } from '../../lambdas/routes.ts';
import { type Service, startService } from './support.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const takesNoBody = (ROUTES as readonly Route[]).filter(({ method }) => method !== 'PUT');

describe('a parameter of the query that a route does not know', () => {
  test.each(takesNoBody.map((route) => [routeKeyOf(route), route] as const))(
    'is refused at %s',
    async (_, route) => {
      const init =
        route.method === 'POST'
          ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
          : { method: route.method };
      const answer = await service.call(`${route.path.replaceAll(/\{\w+\}/g, 'acme')}?sorce=x`, init);

      expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
      expect(answer.body.errors).toContainEqual(expect.objectContaining({ path: '/query/sorce' }));
    },
  );

  test('starts nothing: a misspelt source does not stand for every source', async () => {
    const answer = await service.call('/accounts/acme/copies?sorce=blueprint&a%2Fb=1', { method: 'DELETE' });

    expect([answer.status, answer.body.errors.map(({ path }) => path)]).toEqual([
      422,
      ['/query/sorce', '/query/a~1b'],
    ]);
    expect(service.started).toEqual([]);
  });

  test('is told only to who may come in', async () => {
    const answer = await service.call('/clones?x=1', { headers: { 'x-api-key': '' } });

    expect(answer.status).toBe(401);
  });

  test('does not keep those from being taken that it knows', async () => {
    expect((await service.call('/clones?target=acme&limit=1')).status).toBe(200);
  });
});
