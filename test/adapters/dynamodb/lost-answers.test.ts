import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  createCloneStore,
  createIdempotencyStore,
  createLedger,
  createRecordStore,
} from '../../../adapters/dynamodb/index.ts';
import type { CloneRecord } from '../../../core/ports.ts';
import { startDynamodb } from '../../../local/standins/dynamodb.ts';
import type { Standin } from '../../../local/standins/server.ts';
import { clientFor, id, manualClock } from '../helpers.ts';
import { startScripted } from './scripted-server.ts';

/** Every write is carried out once and its answer lost, before the second try is answered. */
let lost: Set<string>;
let dynamodb: Standin;
let proxy: Standin;
let client: DynamoDBClient;

beforeAll(async () => {
  dynamodb = await startDynamodb({ tableName: 'flowferry' });
  proxy = await startScripted(async ({ operation, input, forward }) => {
    const answer = await forward();
    const call = `${operation} ${JSON.stringify(input)}`;
    if (!/^(Put|Update|Delete|BatchWrite)/.test(operation) || lost.has(call)) return answer;
    lost.add(call);
    return 'cut';
  }, dynamodb.endpoint);
  client = clientFor(proxy.endpoint);
});

beforeEach(() => {
  lost = new Set();
});

afterAll(async () => {
  client.destroy();
  await proxy.close();
  await dynamodb.close();
});

const options = () => ({ client, tableName: 'flowferry', clock: manualClock() });

test('a clone is created once and not taken for one that was there', async () => {
  const clones = createCloneStore(options());
  const record = {
    cloneId: 'clone',
    status: 'running',
    createdAt: '2026-01-01T00:00:00.000Z',
    state: { target: { account: 'acme' } },
  } as CloneRecord;

  await clones.create(record);

  expect(lost.size).toBeGreaterThan(0);
  await expect(clones.create(record)).rejects.toMatchObject({ code: 'clone_exists' });
});

test('an idempotency key is bound to the clone whose answer was lost', async () => {
  const idempotency = createIdempotencyStore(options());
  const binding = { keyId: 'k', key: 'key', bodyHash: 'h', cloneId: 'one', ttlSeconds: 60 };

  expect(await idempotency.bind(binding)).toMatchObject({ bound: true });
  expect(await idempotency.bind({ ...binding, cloneId: 'two' })).toMatchObject({
    bound: false,
    cloneId: 'one',
  });
});

test('a lease is taken, renewed and released, and intents and outcomes are written once', async () => {
  const ledger = createLedger(options());
  const pair = { source: 'us:1', target: 'us:2' };
  const lease = await ledger.acquire(pair, 'clone');
  const batch = {
    cloneId: 'clone',
    epoch: lease.epoch,
    serverTime: 1,
    intents: [{ sourceId: id(1), type: 'flow' as const }],
  };

  await lease.renew();
  await ledger.intend(lease, batch);
  await ledger.intend(lease, batch);

  expect(await ledger.intents(pair, 'clone')).toEqual([batch, batch]);
  await lease.release();
  await expect(ledger.acquire(pair, 'another')).resolves.toMatchObject({ cloneId: 'another' });
});

test('a conditional record is written by the one who asked', async () => {
  const records = createRecordStore(options());

  const version = await records.put('c', 'a', 1, { ifVersion: 'absent' });
  const next = await records.put('c', 'a', 2, { ifVersion: version });

  expect(version).toBeDefined();
  expect(next).toBeDefined();
  expect(await records.get('c', 'a')).toMatchObject({ value: 2, version: next });
});
