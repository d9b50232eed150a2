import { createSyncStore } from '../../adapters/sync-store.ts';
import type { Variables } from '../environment.ts';
import type { SweeperPorts } from '../sweeper/sweep.ts';
import { metricsOf } from './metering.ts';
import { cloneParts, type Shared } from './parts.ts';
import { readStarterEnvironment, starterOf } from './starter.ts';

/** For `sweeper`. */
export function composeSweeper(variables: Variables, shared: Shared = {}): SweeperPorts {
  const environment = readStarterEnvironment(variables);
  const { ports, records } = cloneParts(environment, shared);
  const { accounts, clones, clock, log } = ports;
  return {
    accounts,
    clones,
    clock,
    log,
    metrics: metricsOf(environment, clock),
    records,
    syncs: createSyncStore({ records, runRetentionDays: environment.FLOWFERRY_CLONE_DAYS }),
    worker: starterOf(environment),
    settings: {
      stallAfterMs: environment.FLOWFERRY_STALL_SECONDS * 1000,
      firstLookMs: environment.FLOWFERRY_FIRST_LOOK_SECONDS * 1000,
    },
  };
}
