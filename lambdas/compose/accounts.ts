import { randomUUID } from 'node:crypto';
import { systemClock } from '../../adapters/integrator/system-clock.ts';
import { reportOf } from '../../core/clone/report.ts';
import { createAccountWriter } from '../account-writer.ts';
import type { Variables } from '../environment.ts';
import type { AccountsPorts } from '../ports.ts';
import { keyLimiterOf } from './limiters.ts';
import { cloneParts } from './parts.ts';
import { keysOf } from './secrets.ts';
import { readStarterEnvironment, starterOf } from './starter.ts';

/** For `accounts`: to list and choose, to put and delete, and to start an offboarding. */
export function composeAccounts(variables: Variables): AccountsPorts {
  const environment = readStarterEnvironment(variables);
  const { ports, records, accountIndex, secrets, client } = cloneParts(environment);
  const allowLoopbackHttp = environment.FLOWFERRY_ALLOW_LOOPBACK;
  return {
    ...ports,
    engine: { reportOf },
    accountIndex,
    accountWriter: createAccountWriter({ secrets, clock: systemClock, allowLoopbackHttp }),
    keys: keysOf(client, environment),
    keyLimiter: keyLimiterOf(environment, records),
    worker: starterOf(environment),
    newCloneId: () => randomUUID(),
  };
}
