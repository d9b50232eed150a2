import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MAX_BODY_BYTES } from '../../../lambdas/http/body-size.ts';
import { problemDocument } from '../../../lambdas/http/schemas.ts';
import { cloneBody, FLOW_ID, type Service, startService } from '../support.ts';

describe('POST /clone checks a request', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  const paths = (answer: { body: { errors: { path?: string | undefined }[] } }) =>
    answer.body.errors.map(({ path }) => path).sort();

  test.each([
    ['another method on a known path', 'PUT', '/clone'],
    ['a path that nobody serves', 'GET', '/nothing'],
    ['a path below a known one', 'POST', '/clone/more'],
    ['a path that is no UTF-8', 'GET', '/clones/%E0%A4%A'],
  ])('and answers 404 route_not_found to %s, before it asks for a key', async (_case, method, path) => {
    const answer = await service.call(path, { method, headers: { 'x-api-key': '' } });

    expect(answer.status).toBe(404);
    expect(answer.body.code).toBe('route_not_found');
  });

  test.each([[undefined], ['unknown-key'], ['__proto__'], ['key-of-all,key-of-all']])(
    'and answers 401 to the key %s, before it looks at the body',
    async (key) => {
      const answer = await service.clone('not json', {
        'x-api-key': key ?? '',
        'content-type': 'text/plain',
      });

      expect(answer.status).toBe(401);
      expect(answer.body.errors).toMatchObject([{ code: 'unauthorized' }]);
      expect(answer.headers.get('www-authenticate')).toContain('x-api-key');
    },
  );

  test.each([
    'text/plain',
    'application/jsonp',
    'application/json; charset=latin1',
    'application/x-www-form-urlencoded',
  ])('and answers 415 to the content type %s, before it measures the body', async (type) => {
    const answer = await service.clone(' '.repeat(MAX_BODY_BYTES + 1), { 'content-type': type });

    expect(answer.status).toBe(415);
    expect(answer.body.code).toBe('unsupported_media_type');
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'and takes the content type %s',
    async (type) => {
      const answer = await service.clone(cloneBody({ dryRun: true }), { 'content-type': type });

      expect(answer.status).toBe(200);
    },
  );

  test('and answers 413 to one byte more than 256 KiB, before it reads the JSON', async () => {
    const large = await service.clone('x'.repeat(MAX_BODY_BYTES + 1));
    const largest = await service.clone('x'.repeat(MAX_BODY_BYTES));

    expect(large.status).toBe(413);
    expect(large.body.code).toBe('body_too_large');
    expect(largest.body.code).toBe('malformed_json');
  });

  test('and measures bytes, not characters', async () => {
    const answer = await service.clone(`"${'é'.repeat(MAX_BODY_BYTES / 2)}"`);

    expect(answer.status).toBe(413);
  });

  test.each([
    ['nothing', ''],
    ['half an object', '{"source":'],
    ['a word', 'hello'],
    ['single quotes', "{'source':1}"],
  ])('and answers 400 malformed_json to %s', async (_case, body) => {
    const answer = await service.clone(body);

    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ code: 'malformed_json' }]);
    expect(JSON.stringify(answer.body)).not.toContain('hello');
  });

  test('and answers 400 to bytes that are no UTF-8', async () => {
    const answer = await service.call('/clone', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]),
    });

    expect(answer.body.code).toBe('malformed_json');
  });

  test.each([['[]'], ['[{}]'], ['null'], ['"text"'], ['1'], ['true']])(
    'and answers 422 to %s, which is JSON but no object',
    async (body) => {
      const answer = await service.clone(body);

      expect(answer.status).toBe(422);
      expect(answer.body.errors).toMatchObject([{ code: 'invalid_request', path: '' }]);
    },
  );

  test('and names every hostile member, wherever it stands', async () => {
    const answer = await service.clone(
      '{"__proto__":{"dryRun":true},"source":{"constructor":1},"overrides":[{"patch":[{"value":{"prototype":{}}}]}]}',
    );

    expect(answer.status).toBe(422);
    expect(paths(answer)).toEqual([
      '/__proto__',
      '/overrides/0/patch/0/value/prototype',
      '/source/constructor',
    ]);
  });

  test('and refuses a body nested deeper than any resource is', async () => {
    const answer = await service.clone(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);

    expect(answer.status).toBe(422);
    expect(answer.body.code).toBe('invalid_request');
  });

  test('and refuses __proto__ as an account, as source, as target and in the path', async () => {
    const asBody = await service.clone(
      cloneBody({
        source: { account: '__proto__', flowIds: [FLOW_ID] },
        target: { account: 'constructor!' },
      }),
    );
    const inPath = await service.call('/accounts/__proto__/flows');

    expect(asBody.status).toBe(422);
    expect(paths(asBody)).toEqual(['/source/account', '/target/account']);
    expect(inPath.body.code).toBe('account_not_found');
  });

  test('and lists every wrong field with its place', async () => {
    const answer = await service.clone({
      source: {
        account: 'blueprint',
        flowIds: [FLOW_ID, 'short', `${FLOW_ID}0`, FLOW_ID.toUpperCase()],
        extra: 1,
      },
      connectionMap: { 'no-id': FLOW_ID, [FLOW_ID]: 'no-id' },
      adopt: { [FLOW_ID]: 7 },
      run: { flowIds: 'all', soon: true },
      rateShare: 0,
      activate: 'yes',
      overrides: [
        {
          select: {},
          patch: [
            { op: 'jump', path: '/a' },
            { op: 'add', path: 'a', value: 1 },
          ],
        },
      ],
      unknown: true,
      'a/b~c': 1,
    });

    expect(answer.status).toBe(422);
    expect(
      answer.body.errors.every(({ code, message }) => code === 'invalid_request' && message !== ''),
    ).toBe(true);
    expect(paths(answer)).toEqual(
      [
        '/source/flowIds/1',
        '/source/flowIds/2',
        '/source/flowIds/3',
        '/source/extra',
        '/target',
        '/connectionMap/no-id',
        `/connectionMap/${FLOW_ID}`,
        `/adopt/${FLOW_ID}`,
        '/run/flowIds',
        '/run/soon',
        '/rateShare',
        '/activate',
        '/overrides/0/select',
        '/overrides/0/patch/0/op',
        '/overrides/0/patch/1/path',
        '/unknown',
        '/a~1b~0c',
      ].sort(),
    );
  });

  test('and says what is expected instead', async () => {
    const answer = await service.clone(
      cloneBody({ activate: 'yes', rateShare: 2, onExisting: 'replace', adopt: 5 }),
    );
    const messages = Object.fromEntries(answer.body.errors.map(({ path, message }) => [path, message]));

    expect(messages).toEqual({
      '/activate': 'must be true or false',
      '/rateShare': 'must be at most 1',
      '/onExisting': 'must be "update" or "keep" or "fail"',
      '/adopt': 'must be "match-name", or must be an object',
    });
  });

  test('and asks for at least one flow or integration', async () => {
    const answer = await service.clone(cloneBody({ source: { account: 'blueprint', flowIds: [] } }));

    expect(paths(answer)).toEqual(['/source']);
  });

  test.each([['x'.repeat(129)], ['tab\tin it'], ['']])(
    'and refuses the idempotency key "%s" beside the fields of the body',
    async (key) => {
      const answer = await service.clone(cloneBody({ unknown: 1 }), { 'idempotency-key': key });

      expect(paths(answer)).toEqual(['/headers/idempotency-key', '/unknown']);
    },
  );

  test.each([
    'http://example.com/done',
    'http://127.0.0.1/done',
    'ftp://example.com/done',
    'https://user:word@example.com/done',
    'not an address',
  ])('and refuses the callback address %s', async (callbackUrl) => {
    const answer = await service.clone(cloneBody({ callbackUrl }));

    expect(paths(answer)).toEqual(['/callbackUrl']);
  });

  test('and answers 403 naming each account that the key may not use, before it looks whether it exists', async () => {
    const answer = await service.clone(cloneBody({ source: { account: 'nobody', flowIds: [FLOW_ID] } }), {
      'x-api-key': 'key-of-acme',
    });

    expect(answer.status).toBe(403);
    expect(answer.body.errors).toMatchObject([{ code: 'account_forbidden', path: '/source/account' }]);
  });

  test('and answers 404 naming each account that does not exist, and starts nothing', async () => {
    const answer = await service.clone(cloneBody({ source: { account: 'nobody', flowIds: [FLOW_ID] } }));

    expect(answer.status).toBe(404);
    expect(answer.body.errors).toMatchObject([{ code: 'account_not_found', path: '/source/account' }]);
    expect(service.started).toEqual([]);
  });

  test('and answers every refusal as a problem document with the headers of every answer', async () => {
    const answer = await service.clone('[]', { 'x-request-id': 'req-42' });

    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('x-request-id')).toBe('req-42');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(problemDocument.safeParse(answer.body).success).toBe(true);
    expect(answer.body.instance).toBe('urn:flowferry:request:req-42');
  });

  test('and takes no request id that could forge a log line', async () => {
    const answer = await service.clone('[]', { 'x-request-id': 'a b {"forged":true}' });

    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
