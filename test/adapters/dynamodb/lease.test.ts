import { expect, test } from '@jest/globals';
import { createLedger } from '../../../adapters/dynamodb/index.ts';
import { underLease } from '../../../core/apply/lease.ts';
import { startDynamodb } from '../../../local/standins/dynamodb.ts';
import { clientFor, manualClock } from '../helpers.ts';
import { startScripted } from './scripted-server.ts';

const PAIR = { source: 'us:1', target: 'us:2' };

test('All that wait to write ask for the lease at once: one renewal serves them, or one refusal.', async () => {
  // Prepare: a lease that was not renewed for two seconds, and a count of what is written
  const dynamodb = await startDynamodb({ tableName: 'flowferry' });
  let updates = 0;
  const counting = await startScripted(({ operation, forward }) => {
    if (operation === 'UpdateItem') updates += 1;
    return forward();
  }, dynamodb.endpoint);
  const client = clientFor(counting.endpoint);
  const clock = manualClock();
  const ledger = createLedger({ client, tableName: 'flowferry', clock });
  const lease = await ledger.acquire(PAIR, 'clone');
  const { beforeSend } = underLease({ lease, account: { requestTimeoutMs: 30_000 } });
  const ask = async () => {
    updates = 0;
    clock.move(2_000);
    const answers = await Promise.allSettled(Array.from({ length: 100 }, async () => beforeSend?.()));
    const results = answers.map((answer) => (answer.status === 'rejected' ? answer.reason.code : 'renewed'));
    return { results: [...new Set(results)], updates };
  };

  // Act: a hundred ask, and once more when another worker of the clone has taken the lease
  const held = await ask();
  await ledger.acquire(PAIR, 'clone');
  const lost = await ask();
  client.destroy();
  await counting.close();
  await dynamodb.close();

  // Assess
  expect(held).toEqual({ results: ['renewed'], updates: 1 });
  expect(lost).toEqual({ results: ['lease_lost'], updates: 1 });
});
