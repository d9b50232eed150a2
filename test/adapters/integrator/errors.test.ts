import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { pointerOf } from '../../../adapters/integrator/errors.ts';
import { createIntegratorClient, IntegratorError } from '../../../adapters/integrator/index.ts';
import { parseErrors } from '../../../adapters/integrator/parse-errors.ts';
import { FlowferryError } from '../../../core/model/problem.ts';
import { clientFor, rejectionOf, TOKEN } from './clientFor.ts';
import { type Reply, ScriptedServer } from './scriptedServer.ts';

describe('the errors of an answer', () => {
  test.each([
    [
      'the documented envelope',
      {
        errors: [
          { code: 'invalid_ref', message: 'Export not found', field: 'pageGenerators[0]._exportId' },
          { code: 'x', message: 'y' },
        ],
      },
      [
        { code: 'invalid_ref', message: 'Export not found', field: 'pageGenerators[0]._exportId' },
        { code: 'x', message: 'y' },
      ],
    ],
    [
      'strings in the envelope',
      { errors: ['no', 'never'] },
      [
        { code: 'http_422', message: 'no' },
        { code: 'http_422', message: 'never' },
      ],
    ],
    ['a message', { message: 'Unauthorized' }, [{ code: 'http_422', message: 'Unauthorized' }]],
    ['a message and a code', { message: 'no', code: 'bad' }, [{ code: 'bad', message: 'no' }]],
    ['an error that is text', { error: 'no' }, [{ code: 'http_422', message: 'no' }]],
    [
      'an error that is an object',
      { error: { code: 'bad', message: 'no' } },
      [{ code: 'bad', message: 'no' }],
    ],
    ['a code alone', { code: 'inactive_flow' }, [{ code: 'inactive_flow', message: 'inactive_flow' }]],
    ['a code that is a number', { code: 422, message: 'no' }, [{ code: '422', message: 'no' }]],
    [
      'an empty envelope with a message',
      { errors: [], message: 'no' },
      [{ code: 'http_422', message: 'no' }],
    ],
    ['a bare array', [{ code: 'bad', message: 'no' }], [{ code: 'bad', message: 'no' }]],
    ['a bare string', 'no', [{ code: 'http_422', message: 'no' }]],
    ['null', null, []],
    ['an object that says nothing', {}, []],
  ])('in %s', (_, body, expected) => {
    expect(parseErrors(422, JSON.stringify(body))).toEqual(expected);
  });

  test('in bare text, shortened', () => {
    expect(parseErrors(502, '<html>\n  Bad gateway</html>')).toEqual([
      { code: 'http_502', message: '<html> Bad gateway</html>' },
    ]);
    expect(parseErrors(502, 'x'.repeat(10_000))[0]?.message).toHaveLength(501);
  });

  test('in an empty body', () => {
    expect(parseErrors(502, ' \n')).toEqual([]);
  });

  test('in JSON that was cut', () => {
    expect(parseErrors(500, '{"errors":[{"co')).toEqual([{ code: 'http_500', message: '{"errors":[{"co' }]);
  });
});

describe('an IntegratorError', () => {
  test('says what was refused, why, where, and under which request id', async () => {
    const entry = { code: 'invalid_ref', message: 'Export not found', field: 'pageGenerators[0]._exportId' };
    await using server = await ScriptedServer.start({
      status: 422,
      json: { errors: [entry] },
      headers: { 'x-request-id': 'req-7' },
    });

    const error = await rejectionOf(clientFor(server).client.flows.create({ name: 'x' }));

    expect(error).toBeInstanceOf(IntegratorError);
    expect(error).toBeInstanceOf(FlowferryError);
    expect(error).toMatchObject({
      code: 'refused',
      status: 422,
      method: 'POST',
      path: '/v1/flows',
      errors: [entry],
      fields: ['pageGenerators[0]._exportId'],
      problems: [{ code: 'invalid_ref', message: 'Export not found', path: '/pageGenerators/0/_exportId' }],
      requestId: 'req-7',
      message:
        'integrator.io refused POST /v1/flows (422): invalid_ref: Export not found [pageGenerators[0]._exportId]',
    });
  });

  test.each<[number, string]>([
    [302, 'refused'],
    [400, 'refused'],
    [402, 'refused'],
    [403, 'refused'],
    [404, 'not_found'],
    [409, 'refused'],
    [422, 'refused'],
  ])('for %d has the code %s, at once', async (status, code) => {
    await using server = await ScriptedServer.start({ status, headers: { location: '/v1/elsewhere' } });

    const error = await rejectionOf(clientFor(server).client.flows.update('abc', {}));

    expect(error).toMatchObject({ code, status });
    expect(server.received).toHaveLength(1);
  });

  test('names a path without its query', async () => {
    await using server = await ScriptedServer.start({ status: 400 });

    expect(await rejectionOf(clientFor(server).client.flows.list())).toMatchObject({ path: '/v1/flows' });
  });

  test.each([
    ['pageGenerators[0]._exportId', '/pageGenerators/0/_exportId'],
    ['http.relativeURI', '/http/relativeURI'],
    ['a/b~c', '/a~1b~0c'],
  ])('gives the field %s as the pointer %s', (field, pointer) => {
    expect(pointerOf(field)).toBe(pointer);
  });
});

describe('the token', () => {
  test.each<[string, Reply]>([
    ['401', { status: 401, json: { message: `bad token ${TOKEN}` } }],
    [
      'a refusal',
      { status: 422, json: { errors: [{ code: TOKEN, message: `Bearer ${TOKEN}`, field: TOKEN }] } },
    ],
    ['text', { status: 400, text: `echo: authorization: Bearer ${TOKEN}` }],
    ['a failure', { status: 500, text: TOKEN }],
    ['a dropped connection', 'drop'],
    ['a broken body', 'cut'],
    ['no JSON', { text: `<html>${TOKEN}</html>` }],
    ['no answer', 'hang'],
  ])('is nowhere in what is thrown after %s', async (_, reply) => {
    await using server = await ScriptedServer.start(reply);
    const { client } = clientFor(server, { requestTimeoutMs: 30, retry: { limit: 1 } });

    for (const call of [() => client.flows.get('abc'), () => client.flows.create({ name: 'x' })]) {
      const error = await rejectionOf(call());
      const told = [
        inspect(error, { depth: 20, showHidden: true, getters: true }),
        JSON.stringify(error),
        String(error),
        error instanceof Error ? `${error.stack} ${String(error.cause)}` : '',
      ].join('\n');
      expect(told).not.toContain(TOKEN);
      expect(told).toContain('/v1/flows');
    }
  });

  test('that can not stand in a header is refused without being shown', async () => {
    const bad = `${TOKEN}\n`;
    await using server = await ScriptedServer.start({ status: 204 });
    const { client } = clientFor(server, { token: async () => bad });

    const errors = [
      await rejectionOf(client.flows.list()),
      await rejectionOf((async () => createIntegratorClient({ token: bad }))()),
    ];

    expect(errors).toMatchObject([{ code: 'invalid_account' }, { code: 'invalid_option' }]);
    expect(inspect(errors, { depth: 20, showHidden: true })).not.toContain(TOKEN);
  });

  test('is not shown by a client that is inspected', async () => {
    await using server = await ScriptedServer.start({ status: 204 });
    const { client } = clientFor(server);

    expect(inspect(client, { depth: 20, showHidden: true })).not.toContain(TOKEN);
    expect(JSON.stringify(client)).not.toContain(TOKEN);
  });
});
