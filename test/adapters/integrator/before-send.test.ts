import { describe, expect, test } from '@jest/globals';
import { Gate } from '../../../adapters/integrator/index.ts';
import type { Account, WriteOptions } from '../../../core/ports.ts';
import { accountFor } from './clientFor.ts';
import { HastyClock } from './fakeClock.ts';
import { type Reply, ScriptedServer } from './scriptedServer.ts';

const ID = '55ea78c6b751843c37b7b367';
const OK: Reply = { json: { _id: ID, _jobId: 'job' } };
const LOST = new Error('the lease is lost');

const WRITES: [string, (account: Account, options: WriteOptions) => Promise<unknown>][] = [
  ['create', (account, options) => account.create('flow', { name: 'x' }, options)],
  ['replace', (account, options) => account.replace('flow', ID, { name: 'x' }, options)],
  [
    'patch',
    (account, options) =>
      account.patch('flow', ID, [{ op: 'replace', path: '/disabled', value: true }], options),
  ],
  ['remove', (account, options) => account.remove('flow', ID, options)],
  ['registerConnections', (account, options) => account.registerConnections(ID, [ID], options)],
  ['run', (account, options) => account.run(ID, {}, options)],
];

/** An account at whose gate there is room for one call. */
function narrowAccount(server: ScriptedServer): Account {
  const clock = new HastyClock();
  return accountFor(server, { clock, gate: new Gate({ clock, inFlightFloor: 1, inFlightCeiling: 1 }) });
}

describe('whoever is asked before a call is sent', () => {
  test.each(WRITES)('lets %s go out, once, or keeps it from being sent', async (_, write) => {
    await using server = await ScriptedServer.start(OK);
    const account = accountFor(server);
    let asked = 0;

    const refused = write(account, { beforeSend: () => Promise.reject(LOST) });
    await expect(refused).rejects.toBe(LOST);
    const before = server.received.length;
    await write(account, {
      beforeSend: async () => {
        asked += 1;
      },
    });

    expect(before).toBe(0);
    expect([server.received.length, asked]).toEqual([1, 1]);
    expect(account.stats()).toEqual({ calls: 1, retries: 0, rateLimited: 0 });
  });

  test('gives the place at the gate back with a refusal', async () => {
    await using server = await ScriptedServer.start(OK);
    const account = narrowAccount(server);
    const refused = { beforeSend: () => Promise.reject(LOST) };

    const calls = [
      account.create('flow', {}, refused),
      account.create('flow', {}),
      account.remove('flow', ID),
    ];

    expect((await Promise.allSettled(calls)).map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(server.received.map(({ method }) => method)).toEqual(['POST', 'DELETE']);
  });

  test('is asked right before the call goes out, however long it waited for its turn', async () => {
    const seen: string[] = [];
    await using server = await ScriptedServer.start(({ body }) => {
      seen.push(`received ${(body as { name: string }).name}`);
      return OK;
    });
    const account = narrowAccount(server);
    const create = (name: string) =>
      account.create('flow', { name }, { beforeSend: async () => void seen.push(`asked ${name}`) });

    await Promise.all(['a', 'b', 'c'].map(create));

    expect(seen).toEqual(['a', 'b', 'c'].flatMap((name) => [`asked ${name}`, `received ${name}`]));
  });

  test.each<[string, Reply]>([
    ['429', { status: 429, headers: { 'retry-after': '1' } }],
    ['503', { status: 503 }],
    ['a dropped connection', 'drop'],
  ])('is asked again before a call is repeated after %s, and may refuse then', async (_, failure) => {
    await using server = await ScriptedServer.start(failure, failure, OK, failure, OK);
    const account = accountFor(server);
    let asked = 0;
    const counting = async (): Promise<void> => {
      asked += 1;
    };

    await account.replace('flow', ID, {}, { beforeSend: counting });
    const repeated = [asked, server.received.length];
    const refusing = (): Promise<void> => (server.received.length > 3 ? Promise.reject(LOST) : counting());
    const refused = account.replace('flow', ID, {}, { beforeSend: refusing });

    await expect(refused).rejects.toBe(LOST);
    expect(repeated).toEqual([3, 3]);
    expect(server.received).toHaveLength(4);
  });
});
