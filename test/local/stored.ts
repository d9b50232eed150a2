import { cp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { startDynamodb } from '../../local/standins/dynamodb.ts';
import { localClientConfig } from '../../local/standins/server.ts';

/** All that lies in a data folder as one text: the bytes of every file, and every item with its values unpacked. */
export async function everythingStored(folder: string): Promise<string> {
  return [...(await files(folder)), ...(await items(join(folder, 'database')))].join('\n');
}

async function files(folder: string): Promise<string[]> {
  const texts: string[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    if ((await stat(path)).isFile()) texts.push(await readFile(path, 'latin1'));
  }
  return texts;
}

/** Values are stored compressed: their bytes alone would hide anything. */
async function items(database: string): Promise<string[]> {
  const copy = `${database}-copy`;
  await cp(database, copy, { recursive: true });
  const standin = await startDynamodb({ tableName: 'flowferry', folder: copy });
  const client = new DynamoDBClient(localClientConfig(standin.endpoint));
  const texts: string[] = [];
  for await (const page of paginateScan({ client }, { TableName: 'flowferry' })) {
    for (const item of page.Items ?? []) {
      for (const [name, { B, ...other }] of Object.entries(item)) {
        texts.push(name, B === undefined ? JSON.stringify(other) : gunzipSync(B).toString('utf8'));
      }
    }
  }
  client.destroy();
  await standin.close();
  await rm(copy, { recursive: true });
  return texts;
}
