import { randomUUID } from 'node:crypto';
import { createRecordStore } from '../../adapters/dynamodb/record-store.ts';
import { createSyncStore } from '../../adapters/sync-store.ts';
import type { Variables } from '../environment.ts';
import type { SyncsPorts } from '../syncs/ports.ts';
import { accountPorts } from './account-ports.ts';
import { basics } from './basics.ts';
import { keyLimiterOf } from './limiters.ts';
import { schedulesOf } from './schedules.ts';
import { keysOf, secretsClient } from './secrets.ts';
import { readStarterEnvironment, starterOf } from './starter.ts';
import { clonesIn, storageOf } from './storage.ts';

/** For `syncs`: keys, accounts' names, table, starter and schedules; no plan is made. */
export function composeSyncs(variables: Variables): SyncsPorts {
  const environment = readStarterEnvironment(variables);
  const client = secretsClient();
  const storage = storageOf(environment);
  const records = createRecordStore(storage);
  return {
    ...basics(environment),
    accounts: accountPorts(environment, { client, records }).accounts,
    clones: clonesIn(storage, environment),
    keys: keysOf(client, environment),
    keyLimiter: keyLimiterOf(environment, records),
    worker: starterOf(environment),
    syncs: createSyncStore({ records, runRetentionDays: environment.FLOWFERRY_CLONE_DAYS }),
    schedules: schedulesOf(environment),
    newCloneId: () => randomUUID(),
  };
}
