import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from '@jest/globals';
import {
  createBindingStore,
  createCloneStore,
  createIdempotencyStore,
  createRecordStore,
} from '../../../adapters/dynamodb/index.ts';
import { startDynamodb } from '../../../local/standins/dynamodb.ts';
import type { Standin } from '../../../local/standins/server.ts';
import { clientFor, manualClock } from '../helpers.ts';
import { storesContract } from '../stores.contract.ts';

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

storesContract(() => {
  const clock = manualClock();
  const options = { client, tableName: 'flowferry', clock };
  return {
    clock,
    clones: createCloneStore(options),
    idempotency: createIdempotencyStore(options),
    bindings: createBindingStore(options),
    records: createRecordStore(options),
  };
});
