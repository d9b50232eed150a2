import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createLedger } from '../../../adapters/dynamodb/index.ts';
import type { Outcome, Pair } from '../../../core/ports.ts';
import { startDynamodb } from '../../../local/standins/dynamodb.ts';
import type { Standin } from '../../../local/standins/server.ts';
import { clientFor, id, manualClock } from '../helpers.ts';
import { startScripted } from './scripted-server.ts';

/** More than one batch of each kind of item. */
const COUNT = 40;

let dynamodb: Standin;
let proxy: Standin;
/** Batches that are still carried out before the table refuses all. */
let left = Number.POSITIVE_INFINITY;

beforeAll(async () => {
  dynamodb = await startDynamodb({ tableName: 'flowferry' });
  proxy = await startScripted(async ({ operation, forward }) => {
    if (operation !== 'BatchWriteItem') return forward();
    left -= 1;
    return left >= 0 ? forward() : { status: 400, body: { __type: 'ValidationException' } };
  }, dynamodb.endpoint);
});

afterAll(async () => {
  await proxy.close();
  await dynamodb.close();
});

const outcomes: Outcome[] = Array.from({ length: COUNT }, (_, n) => ({
  sourceId: id(n),
  targetId: id(1_000 + n),
  type: 'export',
  name: `Export ${n}`,
  cloneId: 'clone',
  made: true,
  sourceHash: 's',
  appliedHash: 'a',
  at: '2026-01-01T00:00:00.000Z',
  applied: { name: `Export ${n}` },
}));

test('Wherever recording is cut off, no copy is owned without a row, and no row is without its document.', async () => {
  const client = clientFor(proxy.endpoint);
  const ledger = createLedger({ client, tableName: 'flowferry', clock: manualClock() });
  const seen: number[] = [];
  for (let cut = 0; ; cut += 1) {
    const pair: Pair = { source: `us:source-${cut}`, target: `us:target-${cut}` };
    const lease = await ledger.acquire(pair, 'clone');
    left = cut;

    const isDone = await ledger.record(lease, outcomes).then(
      () => true,
      () => false,
    );

    left = Number.POSITIVE_INFINITY;
    const rows = await ledger.rows(
      pair,
      outcomes.map(({ sourceId }) => sourceId),
    );
    const documents = await ledger.applied(pair, [...rows.keys()]);
    const owned = await ledger.owned(
      pair,
      outcomes.map(({ targetId }) => targetId),
    );
    expect([...rows.keys()].filter((sourceId) => !documents.has(sourceId))).toEqual([]);
    const known = new Set([...rows.values()].map(({ targetId }) => targetId));
    expect([...owned].filter((targetId) => !known.has(targetId))).toEqual([]);
    seen.push(rows.size);
    if (isDone) break;
  }
  client.destroy();
  expect(seen[0]).toBe(0);
  expect(seen.at(-1)).toBe(COUNT);
});
