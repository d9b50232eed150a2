import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../sandbox/index.ts';
import { bench } from './support.ts';

const SCRIPTS = '/v1/scripts';

describe('faults', () => {
  test('A status is answered with its code and headers, the work not done.', async () => {
    const { call, sandbox } = await bench();
    sandbox.faults.add({
      method: 'POST',
      effect: 'status',
      status: 503,
      code: 'unavailable',
      headers: { 'retry-after': '1' },
    });

    const reply = await call('POST', SCRIPTS, { name: 'Tidy' });

    expect(reply.status).toBe(503);
    expect(reply.headers.get('retry-after')).toBe('1');
    expect(reply.body.errors[0].code).toBe('unavailable');
    expect(sandbox.documents('a', 'scripts')).toHaveLength(0);
  });

  test.each([
    ['drop-before', 0],
    ['drop-after', 1],
  ] as const)('%s destroys the connection, with %i documents made.', async (effect, made) => {
    const { call, sandbox } = await bench();
    sandbox.faults.add({ method: 'POST', effect });

    await expect(call('POST', SCRIPTS, { name: 'Tidy' })).rejects.toThrow();

    expect(sandbox.documents('a', 'scripts')).toHaveLength(made);
    expect(sandbox.calls('a')).toMatchObject([{ method: 'POST', path: SCRIPTS, status: 0 }]);
  });

  test('status-after does the work and then says it failed.', async () => {
    const { call, sandbox } = await bench();
    sandbox.faults.add({ effect: 'status-after', status: 500 });

    const reply = await call('POST', SCRIPTS, { name: 'Tidy' });

    expect(reply.status).toBe(500);
    expect(sandbox.documents('a', 'scripts')).toHaveLength(1);
  });

  test('late drops the answer now and does the work later.', async () => {
    const { call, sandbox } = await bench();
    sandbox.faults.add({ effect: 'late', ms: 60_000, nth: 1 });
    sandbox.faults.add({ effect: 'late', ms: 1, nth: 2 });

    await expect(call('POST', SCRIPTS, { name: 'Much later' })).rejects.toThrow();
    await expect(call('POST', SCRIPTS, { name: 'A little later' })).rejects.toThrow();
    while (sandbox.documents('a', 'scripts').length === 0) await sleep(5);

    expect(sandbox.documents('a', 'scripts').map(({ name }) => name)).toEqual(['A little later']);
  });

  test('delay holds the answer back, but not the work.', async () => {
    const { call, sandbox } = await bench();
    sandbox.faults.add({ method: 'POST', effect: 'delay', ms: 60_000 });

    const reply = call('POST', SCRIPTS, { name: 'Tidy' }).catch(() => 'never answered');
    while (sandbox.documents('a', 'scripts').length === 0) await sleep(5);
    await sandbox.close();

    expect(await reply).toBe('never answered');
  });

  test('nth, every and count choose among the calls that match.', async () => {
    const outcomes = async (fault: Partial<Fault>) => {
      const { call, sandbox } = await bench();
      sandbox.faults.add({ effect: 'status', status: 500, path: /tokenInfo$/, ...fault });
      const statuses = [];
      for (let n = 0; n < 6; n += 1) {
        await call('GET', SCRIPTS);
        statuses.push((await call('GET', '/v1/tokenInfo')).status);
      }
      return statuses.map((status) => (status === 200 ? '.' : 'x')).join('');
    };

    expect(await outcomes({ nth: 2 })).toBe('.x....');
    expect(await outcomes({ every: 3 })).toBe('..x..x');
    expect(await outcomes({ every: 2, count: 2 })).toBe('.x.x..');
    expect(await outcomes({ always: true })).toBe('xxxxxx');
    expect(await outcomes({ count: 1 })).toBe('x.....');
    expect(await outcomes({ account: 'other' })).toBe('......');
    expect(await outcomes({ method: 'post' })).toBe('......');
  });

  test('An expression with memory forgets.', async () => {
    const { call, sandbox } = await bench();
    sandbox.faults.add({ effect: 'status', status: 500, path: /tokenInfo/g });

    const statuses = [await call('GET', '/v1/tokenInfo'), await call('GET', '/v1/tokenInfo')];

    expect(statuses.map(({ status }) => status)).toEqual([500, 500]);
  });

  test('Once cleared, nothing goes wrong any more.', async () => {
    const { call, sandbox } = await bench();
    sandbox.faults.add({ effect: 'status', status: 500 });
    sandbox.faults.clear();

    expect((await call('GET', '/v1/tokenInfo')).status).toBe(200);
  });

  test.each([
    ['an unknown effect', { effect: 'explode' }],
    ['an unknown field', { effect: 'drop-before', metod: 'POST' }],
    ['a status without a status', { effect: 'status' }],
    ['a delay without a time', { effect: 'delay' }],
    ['two ways to choose', { effect: 'drop-before', nth: 1, every: 2 }],
    ['a count of nothing', { effect: 'drop-before', nth: 0 }],
  ])('Refused: %s.', async (_title, fault) => {
    const { sandbox } = await bench();

    expect(() => sandbox.faults.add(fault as Fault)).toThrow(
      expect.objectContaining({ code: 'invalid_option' }),
    );
  });
});

describe('onCall', () => {
  test('It sees every call before and after its work, and waits.', async () => {
    const seen: string[] = [];
    const { call } = await bench({
      onCall: async ({ number, method, status }, phase) => {
        await sleep(1);
        seen.push(`${number} ${method} ${phase} ${status}`);
      },
    });

    await call('POST', SCRIPTS, { name: 'Tidy' });
    await call('GET', '/v1/flows');

    expect(seen).toEqual(['1 POST before 0', '1 POST after 201', '2 GET before 0', '2 GET after 204']);
  });

  test.each([
    ['before', 0],
    ['after', 1],
  ] as const)('It can drop the connection %s the work.', async (when, made) => {
    const { call, sandbox } = await bench({
      onCall: (_call, phase) => (phase === when ? 'drop' : undefined),
    });

    await expect(call('POST', SCRIPTS, { name: 'Tidy' })).rejects.toThrow();

    expect(sandbox.documents('a', 'scripts')).toHaveLength(made);
  });
});
