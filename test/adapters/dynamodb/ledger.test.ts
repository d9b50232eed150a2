import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from '@jest/globals';
import { createLedger } from '../../../adapters/dynamodb/index.ts';
import { startDynamodb } from '../../../local/standins/dynamodb.ts';
import type { Standin } from '../../../local/standins/server.ts';
import { clientFor, manualClock } from '../helpers.ts';
import { ledgerContract } from '../ledger.contract.ts';

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

ledgerContract(() => {
  const clock = manualClock();
  return { ledger: createLedger({ client, tableName: 'flowferry', clock }), clock };
});
