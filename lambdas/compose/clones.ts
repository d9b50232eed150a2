import { createRecordStore } from '../../adapters/dynamodb/record-store.ts';
import { actionsPage, reportOf } from '../../core/clone/report.ts';
import type { ClonesPorts } from '../clones/ports.ts';
import type { Variables } from '../environment.ts';
import { basics } from './basics.ts';
import { keyLimiterOf } from './limiters.ts';
import { keysOf, secretsClient } from './secrets.ts';
import { settingsOf } from './settings.ts';
import { readStarterEnvironment, starterOf } from './starter.ts';
import { clonesIn, storageOf } from './storage.ts';

/** For `clones`: keys, table and starter; no account, and no plan is made. */
export function composeClones(variables: Variables): ClonesPorts {
  const environment = readStarterEnvironment(variables);
  const storage = storageOf(environment);
  return {
    ...basics(environment),
    clones: clonesIn(storage, environment),
    engine: { reportOf, actionsPage },
    keys: keysOf(secretsClient(), environment),
    keyLimiter: keyLimiterOf(environment, createRecordStore(storage)),
    worker: starterOf(environment),
    settings: settingsOf(environment),
  };
}
