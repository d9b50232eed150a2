import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { COLLECTIONS } from '../../sandbox/index.ts';
import { bench, CONNECTION, exportOf } from './support.ts';

const ANY_KEY = fc.oneof(
  fc.constantFrom(
    'name',
    'type',
    'http',
    '_exportId',
    '_integrationId',
    '_runNextFlowIds',
    '_flowGroupingId',
    'flowGroupings',
    'pageGenerators',
    'pageProcessors',
    'routers',
    'branches',
    'overrides',
    'connections',
    'aliases',
    'schedule',
    'webhook',
    'isAbstract',
    'responseMapping',
    'encrypted',
    '__proto__',
    '_id',
  ),
  fc.string({ maxLength: 4 }),
);

/** JSON of any shape, with many of the names that mean something. */
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, 7, '', 'text', 'dddddddddddddddddddddddd'),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(ANY_KEY, tie('json'), { maxKeys: 5, noNullPrototype: false }),
  ),
}));

test('No body whatever brings the sandbox down: it is taken, or refused as 400 or 422.', async () => {
  const { call, make, sandbox } = await bench({ bucket: 'unlimited' });
  const connection = await make('connections', CONNECTION);
  const targets = { exports: exportOf(connection._id), scripts: { name: 's' }, flows: { name: 'f' } };
  const ids: Record<string, string> = {};
  for (const [collection, fields] of Object.entries(targets))
    ids[collection] = (await make(collection, fields))._id;

  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...COLLECTIONS),
      json,
      fc.string({ maxLength: 8 }),
      async (collection, body, path) => {
        const whole = typeof body === 'object' && body !== null ? { name: 'n', type: 'http', ...body } : body;
        const replies = [
          await call('POST', `/v1/${collection}`, JSON.stringify(whole)),
          await call('PUT', `/v1/flows/${ids['flows']}`, JSON.stringify(whole)),
          await call('PUT', `/v1/exports/${ids['exports']}`, JSON.stringify(body)),
          await call('POST', `/v1/flows/${ids['flows']}/clone`, JSON.stringify(body)),
          await call('PATCH', `/v1/flows/${ids['flows']}`, [
            { op: 'add', path: `/aliases/${path}`, value: body },
          ]),
          await call('GET', `/v1/${collection}?include=${encodeURIComponent(path)}`),
        ];
        for (const { status } of replies) expect([200, 201, 204, 400, 422]).toContain(status);
      },
    ),
    { numRuns: 150 },
  );

  expect(({} as Record<string, unknown>)['name']).toBeUndefined();
  expect(Object.keys(sandbox.stats('a').byStatus)).toContain('201');
});
