import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createCloneStore } from '../../adapters/dynamodb/clone-store.ts';
import type { StorageOptions } from '../../adapters/dynamodb/options.ts';
import { systemClock } from '../../adapters/integrator/system-clock.ts';
import type { CloneStore } from '../../core/ports.ts';
import type { EnvironmentWith } from '../environment.ts';
import { requestHandler } from './basics.ts';

/** The table, and how its stores reach it. */
export function storageOf(environment: EnvironmentWith<'FLOWFERRY_TABLE'>): StorageOptions {
  return {
    client: quiet(new DynamoDBClient({ requestHandler })),
    tableName: environment.FLOWFERRY_TABLE,
    clock: systemClock,
  };
}

/** The clones in the table. */
export function clonesIn(
  storage: StorageOptions,
  { FLOWFERRY_CLONE_DAYS: days }: { FLOWFERRY_CLONE_DAYS: number },
): CloneStore {
  return createCloneStore({ ...storage, cloneRetentionDays: days });
}

/** The SDK copies every request and answer for a log, even where nobody keeps one: a twentieth of a worker's time. */
function quiet(client: DynamoDBClient): DynamoDBClient {
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}
