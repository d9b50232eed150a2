import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { createRecordStore, tableDefinition } from '../../../adapters/dynamodb/index.ts';
import { startDynamodb } from '../../../local/standins/dynamodb.ts';
import { localClientConfig } from '../../../local/standins/server.ts';
import { manualClock } from '../../adapters/helpers.ts';

async function withTable<T>(
  folder: string | undefined,
  use: (client: DynamoDBClient) => Promise<T>,
): Promise<T> {
  const standin = await startDynamodb({ tableName: 'flowferry', folder });
  const client = new DynamoDBClient(localClientConfig(standin.endpoint));
  try {
    return await use(client);
  } finally {
    client.destroy();
    await standin.close();
  }
}

test('the table is there as the stores define it, ready for use', async () => {
  const { Table } = await withTable(undefined, (client) =>
    client.send(new DescribeTableCommand({ TableName: 'flowferry' })),
  );

  expect(Table?.TableStatus).toBe('ACTIVE');
  expect(Table?.KeySchema?.map(({ AttributeName }) => AttributeName)).toEqual(['pk', 'sk']);
  expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName)).toEqual([
    tableDefinition.index.name,
  ]);
});

test('what was stored in a folder is there after a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flowferry-dynamodb-'));
  const records = (client: DynamoDBClient) =>
    createRecordStore({ client, tableName: 'flowferry', clock: manualClock() });

  await withTable(folder, (client) => records(client).put('c', 'a', { kept: true }));
  const after = await withTable(folder, (client) => records(client).get('c', 'a'));
  const tables = await withTable(folder, (client) => client.send(new ListTablesCommand({})));

  expect(after).toMatchObject({ value: { kept: true } });
  expect(tables.TableNames).toEqual(['flowferry']);
  await rm(folder, { recursive: true });
});
