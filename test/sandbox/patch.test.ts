import { describe, expect, test } from '@jest/globals';
import { bench, CONNECTION } from './support.ts';

describe('PATCH', () => {
  test('It changes what may be patched with a 204, and nothing else of the document.', async () => {
    const { make, call } = await bench();
    const flow = await make('flows', {
      name: 'Orders',
      schedule: '? 0 2 ? * *',
      pageGenerators: [{ setupInProgress: true }],
      routers: [{ id: 'r1', branches: [{ name: 'b' }] }],
    });

    const reply = await call('PATCH', `/v1/flows/${flow._id}`, [
      { op: 'replace', path: '/disabled', value: true },
      { op: 'remove', path: '/schedule' },
      { op: 'add', path: '/pageGenerators/0/schedule', value: '? 0 3 ? * *' },
      { op: 'replace', path: '/routers/0/branches/0/name', value: 'EU' },
      { op: 'replace', path: '/logging/mode', value: 'all' },
    ]);
    const { body } = await call('GET', `/v1/flows/${flow._id}`);

    expect([reply.status, reply.text]).toEqual([204, '']);
    const { schedule: _schedule, ...rest } = flow;
    expect(body).toMatchObject({
      ...rest,
      disabled: true,
      pageGenerators: [{ setupInProgress: true, schedule: '? 0 3 ? * *' }],
      routers: [{ id: 'r1', branches: [{ name: 'EU', pageProcessors: [] }] }],
      logging: { mode: 'all' },
      lastModified: expect.any(String),
    });
    expect(body).not.toHaveProperty('schedule');
    expect(body.lastModified).not.toBe(flow['lastModified']);
  });

  test('A connection keeps its secrets over a patch.', async () => {
    const { make, call, sandbox } = await bench();
    const made = await make('connections', CONNECTION);

    await call('PATCH', `/v1/connections/${made._id}`, [{ op: 'replace', path: '/name', value: 'Store' }]);

    const [stored] = sandbox.documents('a', 'connections');
    expect(stored).toMatchObject({ ...CONNECTION, name: 'Store', offline: false });
  });

  test.each([
    ['a path out of reach', [{ op: 'replace', path: '/_integrationId', value: null }]],
    ['an unknown operation', [{ op: 'move', path: '/name', from: '/description' }]],
    ['a missing value', [{ op: 'replace', path: '/name' }]],
    ['an index that does not exist', [{ op: 'replace', path: '/pageGenerators/4/schedule', value: null }]],
    ['no list', { op: 'replace', path: '/name', value: 'x' }],
    ['a prototype', [{ op: 'replace', path: '/aliases/__proto__/x', value: 1 }]],
  ])('Refused: %s.', async (_title, patch) => {
    const { make, call, sandbox } = await bench();
    const flow = await make('flows', { name: 'Orders' });

    const reply = await call('PATCH', `/v1/flows/${flow._id}`, patch);

    expect(reply.status).toBe(422);
    expect(sandbox.documents('a', 'flows')[0]).toEqual(flow);
  });

  test('What a patch makes wrong is refused.', async () => {
    const { make, refusal } = await bench();
    const flow = await make('flows', { name: 'Orders' });

    const refused = await refusal('PATCH', `/v1/flows/${flow._id}`, [
      { op: 'replace', path: '/schedule', value: 'hourly' },
    ]);

    expect(refused).toEqual(['422 schedule_not_supported schedule']);
  });

  test('Debugging is switched on for an hour at most.', async () => {
    const { make, call } = await bench();
    const script = await make('scripts', { name: 'Tidy' });
    const until = (ms: number) => [
      { op: 'replace', path: '/debugUntil', value: new Date(Date.now() + ms).toISOString() },
    ];

    const tooLong = await call('PATCH', `/v1/scripts/${script._id}`, until(2 * 3_600_000));
    const fine = await call('PATCH', `/v1/scripts/${script._id}`, until(60_000));

    expect([tooLong.status, fine.status]).toEqual([422, 204]);
  });
});
