import { createRecordStore } from '../../adapters/dynamodb/record-store.ts';
import { createSyncStore } from '../../adapters/sync-store.ts';
import type { Variables } from '../environment.ts';
import type { SyncSchedulePorts } from '../sync-schedule/handler.ts';
import { basics } from './basics.ts';
import { readStarterEnvironment, starterOf } from './starter.ts';
import { storageOf } from './storage.ts';

/** For `sync-schedule`: the table, and what starts the worker. */
export function composeSyncSchedule(variables: Variables): SyncSchedulePorts {
  const environment = readStarterEnvironment(variables);
  const records = createRecordStore(storageOf(environment));
  return {
    ...basics(environment),
    syncs: createSyncStore({ records, runRetentionDays: environment.FLOWFERRY_CLONE_DAYS }),
    worker: starterOf(environment),
  };
}
