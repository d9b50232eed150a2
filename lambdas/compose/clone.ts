import { randomUUID } from 'node:crypto';
import { createIdempotencyStore } from '../../adapters/dynamodb/idempotency-store.ts';
import { newCloneRecord } from '../../core/clone/record.ts';
import { actionsPage, reportOf } from '../../core/clone/report.ts';
import type { CloneDoorPorts } from '../clone/ports.ts';
import type { Variables } from '../environment.ts';
import { keyLimiterOf } from './limiters.ts';
import { cloneParts } from './parts.ts';
import { keysOf } from './secrets.ts';
import { settingsOf } from './settings.ts';
import { readStarterEnvironment, starterOf } from './starter.ts';

/** For `clone`. Not the whole engine: what carries clones out is the worker's alone, and only dry runs plan here. */
export function composeClone(variables: Variables): CloneDoorPorts {
  const environment = readStarterEnvironment(variables);
  const { ports, storage, records, client } = cloneParts(environment);
  return {
    ...ports,
    engine: {
      planOnly: async (...order) => (await import('../../core/clone/planning.ts')).planOnly(...order),
      newCloneRecord,
      reportOf,
      actionsPage,
    },
    keys: keysOf(client, environment),
    keyLimiter: keyLimiterOf(environment, records),
    idempotency: createIdempotencyStore(storage),
    worker: starterOf(environment),
    settings: settingsOf(environment),
    newCloneId: () => randomUUID(),
  };
}
