import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BindingStore, Clock, CloneStore, IdempotencyStore, Ledger } from '../../core/ports.ts';
import { claimFolder } from '../../local/claim.ts';
import { SettingsError } from '../../local/settings-error.ts';
import { UsageError } from '../usage-error.ts';

/** All that is remembered between two commands. */
export interface Stores {
  ledger: Ledger;
  clones: CloneStore;
  bindings: BindingStore;
  idempotency: IdempotencyStore;
  close(): Promise<void>;
}

const TABLE = 'flowferry';
const DATABASE = 'database';

/** Whether a folder holds the database of an earlier command. */
export function hasStores(folder: string): boolean {
  return existsSync(join(folder, DATABASE));
}

/** Stores that remember nothing, for what writes nothing. */
export async function openEmptyStores(clock: Clock): Promise<Stores> {
  const memory = await import('../../adapters/memory/index.ts');
  return {
    ledger: memory.createMemoryLedger({ clock }),
    clones: memory.createMemoryCloneStore({ clock }),
    bindings: memory.createMemoryBindingStore(),
    idempotency: memory.createMemoryIdempotencyStore({ clock }),
    close: async () => undefined,
  };
}

/**
 * The stores in a folder, which is made where there is none: DynamoDB's protocol over a database on disk, by the
 * same adapters as in the cloud. One process at a time has a folder.
 *
 * @throws {UsageError} when another process has the folder, or there can be none
 */
export async function openStores(folder: string, clock: Clock): Promise<Stores> {
  const claim = await claimed(folder);
  try {
    const [{ DynamoDBClient }, dynamodb, { startDynamodb }, { localClientConfig }] = await Promise.all([
      import('@aws-sdk/client-dynamodb'),
      import('../../adapters/dynamodb/index.ts'),
      import('../../local/standins/dynamodb.ts'),
      import('../../local/standins/server.ts'),
    ]);
    const server = await startDynamodb({ tableName: TABLE, folder: join(folder, DATABASE) });
    const client = new DynamoDBClient(localClientConfig(server.endpoint));
    const storage = { client, tableName: TABLE, clock };
    return {
      ledger: dynamodb.createLedger(storage),
      clones: dynamodb.createCloneStore(storage),
      bindings: dynamodb.createBindingStore(storage),
      idempotency: dynamodb.createIdempotencyStore(storage),
      close: async () => {
        client.destroy();
        await server.close();
        await claim.close();
      },
    };
  } catch (error) {
    await claim.close();
    throw error;
  }
}

async function claimed(folder: string): Promise<{ close(): Promise<void> }> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return await claimFolder('--data', folder);
  } catch (error) {
    if (error instanceof SettingsError) {
      throw new UsageError(error.lines, 'wait for it to end, or give another folder');
    }
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new UsageError(`--data: ${folder} is no folder that can be used (${code})`);
  }
}
