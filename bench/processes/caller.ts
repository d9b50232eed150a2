import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createRecordStore } from '../../adapters/dynamodb/index.ts';
import { createRateLease } from '../../adapters/dynamodb/rate-lease.ts';
import {
  createHttpExchange,
  GateRegistry,
  openAccount,
  systemClock,
} from '../../adapters/integrator/index.ts';
import { localClientConfig } from '../../local/standins/server.ts';
import { answerParent } from './messages.ts';

/** A worker that does nothing but call the target account, over a bucket it shares through the table. */
async function run(input: { sandboxUrl: string; tableUrl: string; calls: number }): Promise<void> {
  const clock = systemClock;
  const client = new DynamoDBClient(localClientConfig(input.tableUrl));
  const records = createRecordStore({ client, tableName: 'flowferry', clock });
  const { exchange } = createHttpExchange();
  const gates = new GateRegistry({
    clock,
    lease: (name) => createRateLease({ records, clock, accountKey: async () => name }),
  });
  const account = openAccount({
    name: 'tenant',
    region: 'us',
    baseUrl: input.sandboxUrl,
    allowLoopbackHttp: true,
    token: 'tenant-token',
    gate: gates.gate('tenant'),
    rateShare: 1,
    exchange,
  });
  await Promise.all(Array.from({ length: input.calls }, () => account.get('flow', '0'.repeat(24))));
}

answerParent({ run });
