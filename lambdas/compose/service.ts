import { randomUUID } from 'node:crypto';
import { createIdempotencyStore } from '../../adapters/dynamodb/idempotency-store.ts';
import { systemClock } from '../../adapters/integrator/system-clock.ts';
import { createSyncStore } from '../../adapters/sync-store.ts';
import { actionsPage, newCloneRecord, planOnly, reportOf } from '../../core/clone/index.ts';
import { createAccountWriter } from '../account-writer.ts';
import type { Variables } from '../environment.ts';
import type { ServicePorts } from '../ports.ts';
import { hooksOf } from './hooks.ts';
import { hookLimiterOf, keyLimiterOf } from './limiters.ts';
import { cloneParts, type Shared } from './parts.ts';
import { schedulesOf } from './schedules.ts';
import { keysOf } from './secrets.ts';
import { settingsOf } from './settings.ts';
import { readStarterEnvironment, starterOf } from './starter.ts';

/** For a host that serves all HTTP functions in one process: they share clients, gates and caches. */
export function composeService(variables: Variables, shared: Shared = {}): ServicePorts {
  const environment = readStarterEnvironment(variables);
  const { ports, storage, records, accountIndex, secrets, client } = cloneParts(environment, shared);
  const allowLoopbackHttp = environment.FLOWFERRY_ALLOW_LOOPBACK;
  return {
    ...ports,
    engine: { planOnly, newCloneRecord, reportOf, actionsPage },
    accountIndex,
    accountWriter: createAccountWriter({ secrets, clock: systemClock, allowLoopbackHttp }),
    hooks: hooksOf(environment, client),
    records,
    keys: keysOf(client, environment),
    idempotency: createIdempotencyStore(storage),
    syncs: createSyncStore({ records, runRetentionDays: environment.FLOWFERRY_CLONE_DAYS }),
    schedules: schedulesOf(environment),
    worker: starterOf(environment),
    keyLimiter: keyLimiterOf(environment, records),
    hookLimiter: hookLimiterOf(environment, records),
    settings: settingsOf(environment),
    newCloneId: () => randomUUID(),
  };
}
