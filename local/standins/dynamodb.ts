import { mkdir } from 'node:fs/promises';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { createTableInput } from '../../adapters/dynamodb/table.ts';
import { closeServer, listenOnLoopback, localClientConfig, type Standin } from './server.ts';

export interface DynamodbOptions {
  tableName: string;
  /** Folder that keeps the database; in memory when left out. */
  folder?: string | undefined;
  /** Port on 127.0.0.1; any free one when left out. */
  port?: number | undefined;
}

/** DynamoDB's protocol on loopback with our table in it, ready for use once this resolves. */
export async function startDynamodb({ tableName, folder, port = 0 }: DynamodbOptions): Promise<Standin> {
  if (folder !== undefined) await mkdir(folder, { recursive: true, mode: 0o700 });
  const server = dynalite({ createTableMs: 0, ...(folder !== undefined && { path: folder }) });
  const endpoint = await listenOnLoopback(server, port);
  const client = new DynamoDBClient(localClientConfig(endpoint));
  try {
    await createTable(client, tableName);
  } catch (error) {
    await closeServer(server);
    throw error;
  } finally {
    client.destroy();
  }
  return { endpoint, close: () => closeServer(server) };
}

async function createTable(client: DynamoDBClient, TableName: string): Promise<void> {
  try {
    await client.send(new CreateTableCommand(createTableInput(TableName)));
  } catch (error) {
    // A folder that was used before holds the table already.
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  for (;;) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    if (Table?.TableStatus === 'ACTIVE') return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
