import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FLOW_ID, OTHER_FLOW_ID, type Service, startService } from './support.ts';

describe('accounts', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  test('are listed as far as the key may use them', async () => {
    const all = await service.call('/accounts');
    const one = await service.call('/accounts', { headers: { 'x-api-key': 'key-of-acme' } });

    expect(all.body).toEqual({
      accounts: [
        { account: 'acme', region: 'us' },
        { account: 'blueprint', region: 'us' },
      ],
    });
    expect(one.body).toEqual({ accounts: [{ account: 'acme', region: 'us' }] });
  });

  test('show their flows, with the integrations they belong to', async () => {
    const answer = await service.call('/accounts/blueprint/flows');

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      flows: [
        { id: FLOW_ID, name: 'First', integrationId: null, integrationName: null, disabled: false },
        {
          id: OTHER_FLOW_ID,
          name: 'Second',
          integrationId: '5f00000000000000000000aa',
          integrationName: 'Orders',
          disabled: true,
        },
      ],
      next: null,
    });
  });

  test('show them page by page, and an empty account an empty page', async () => {
    const first = await service.call('/accounts/blueprint/flows?limit=1');
    const second = await service.call(`/accounts/blueprint/flows?limit=1&cursor=${first.body.next}`);
    const empty = await service.call('/accounts/acme/flows');

    expect(first.body.flows).toMatchObject([{ name: 'First' }]);
    expect(second.body).toMatchObject({ flows: [{ name: 'Second' }], next: null });
    expect(empty.body).toEqual({ flows: [], next: null });
  });

  test.each([
    ['a foreign account', '/accounts/blueprint/flows', 'key-of-acme', 403, 'account_forbidden'],
    ['an unknown account', '/accounts/nobody/flows', 'key-of-all', 404, 'account_not_found'],
    ['a name no account can have', '/accounts/No%20Name/flows', 'key-of-all', 404, 'account_not_found'],
    [
      'a cursor of another list',
      '/accounts/blueprint/flows?cursor=xyz',
      'key-of-all',
      422,
      'invalid_request',
    ],
    ['a token that is refused', '/accounts/refused/flows', 'key-of-all', 424, 'account_unauthorized'],
  ])('answer %s with its problem', async (_case, path, key, status, code) => {
    const answer = await service.call(path, { headers: { 'x-api-key': key } });

    expect(answer.status).toBe(status);
    expect(answer.body.code).toBe(code);
  });
});

describe('without a key', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  test('the service tells that it lives', async () => {
    const answer = await service.call('/health', { headers: { 'x-api-key': '' } });

    expect(answer).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  test('the service tells what can be asked', async () => {
    const answer = await service.call('/openapi.json', { headers: { 'x-api-key': '' } });

    expect(answer).toMatchObject({ status: 200, body: { openapi: '3.1.0' } });
  });
});
