import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Item, toItem } from '../../../adapters/dynamodb/attributes.ts';
import { createCloneStore, createLedger } from '../../../adapters/dynamodb/index.ts';
import type { CloneRecord } from '../../../core/ports.ts';
import { startDynamodb } from '../../../local/standins/dynamodb.ts';
import type { Standin } from '../../../local/standins/server.ts';
import { clientFor, id, manualClock, noise } from '../helpers.ts';

let dynamodb: Standin;
let client: DynamoDBClient;

beforeAll(async () => {
  dynamodb = await startDynamodb({ tableName: 'flowferry' });
  client = clientFor(dynamodb.endpoint);
});

afterAll(async () => {
  client.destroy();
  await dynamodb.close();
});

async function itemsAbout(word: string): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of paginateScan({ client }, { TableName: 'flowferry' })) {
    items.push(...(page.Items ?? []).map(toItem));
  }
  return items.filter(({ pk, sk }) => `${pk} ${sk}`.includes(word));
}

const clone = (cloneId: string): CloneRecord =>
  ({
    cloneId,
    status: 'running',
    attempt: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    state: { target: { account: 'acme' } },
  }) as CloneRecord;

test('from its end on, every item of a clone expires with it, and none once it goes on', async () => {
  const clock = manualClock();
  const clones = createCloneStore({ client, tableName: 'flowferry', clock, cloneRetentionDays: 10 });
  const record = clone('retained');
  await clones.create(record);
  await clones.putPart('retained', 'plan', noise(900_000, 1));
  await clones.appendEvents('retained', 1, 0, [{ index: 0, status: 'done' }]);

  const expiries = async () => (await itemsAbout('retained')).map((item) => item['expiresAt']);
  const before = await expiries();
  await clones.save({ ...record, status: 'succeeded' });
  const saved = await expiries();
  await clones.save({ ...record, status: 'running' });
  const resumed = await expiries();
  await clones.end({ ...record, status: 'succeeded' });
  await clones.putPart('retained', 'report', noise(900_000, 2));
  await clones.retire('retained');
  const retired = await expiries();
  await clones.save({ ...record, status: 'running' });
  await clones.retire('retained');
  const running = await expiries();

  const due = clock.now() / 1000 + 10 * 86_400;
  expect(before.length).toBe(6);
  expect(new Set(before)).toEqual(new Set([undefined]));
  expect(new Set(saved)).toEqual(new Set([due]));
  expect(new Set(resumed)).toEqual(new Set([undefined]));
  expect(new Set(retired)).toEqual(new Set([due]));
  expect(new Set(running)).toEqual(new Set([undefined]));
});

test('a removed clone leaves no item behind, parts of every size included', async () => {
  const clones = createCloneStore({ client, tableName: 'flowferry', clock: manualClock() });
  await clones.create(clone('removed'));
  for (const seed of [1, 2]) await clones.putPart('removed', 'plan', noise(900_000, seed));
  const parts = await itemsAbout('removed');

  await clones.remove('removed');

  // Replacing a part removed the parts of the one before: head and two parts of one version remain.
  expect(parts.filter(({ sk }) => sk.startsWith('part#'))).toHaveLength(3);
  expect(await itemsAbout('removed')).toEqual([]);
});

test('what the ledger forgets leaves no item behind, documents in parts included', async () => {
  const ledger = createLedger({
    client,
    tableName: 'flowferry',
    clock: manualClock(),
    documentRetentionDays: 5,
  });
  const pair = { source: 'us:forgetful', target: 'us:forgotten' };
  const lease = await ledger.acquire(pair, 'clone');
  const outcome = (content: string) => ({
    sourceId: id(1),
    targetId: id(2),
    type: 'script' as const,
    name: 'Script',
    cloneId: 'clone',
    made: true,
    sourceHash: 's',
    appliedHash: 'a',
    at: '2026-01-01T00:00:00.000Z',
    applied: { content },
  });
  for (const seed of [1, 2]) await ledger.record(lease, [outcome(noise(900_000, seed))]);
  await ledger.record(lease, [outcome('small')]);
  const documents = (await itemsAbout('forg')).filter(({ sk }) => sk.startsWith('doc#'));

  await ledger.forget(lease, [{ sourceId: id(1), targetId: id(2) }]);

  expect(documents.every((item) => typeof item['expiresAt'] === 'number')).toBe(true);
  const left = await itemsAbout('forg');
  expect(left.map(({ sk }) => sk.split('#')[0]).sort()).toEqual(['lease', 'us:forgetful', 'us:forgetful']);
});
