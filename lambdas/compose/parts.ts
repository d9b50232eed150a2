import { createBindingStore } from '../../adapters/dynamodb/binding-store.ts';
import { createLedger } from '../../adapters/dynamodb/ledger.ts';
import { createRecordStore } from '../../adapters/dynamodb/record-store.ts';
import type { ClonePorts } from '../../core/clone/contract.ts';
import type { AccountDirectory, Log } from '../../core/ports.ts';
import type { EnvironmentWith } from '../environment.ts';
import { withActionLines } from '../worker/action-lines.ts';
import { accountPorts } from './account-ports.ts';
import { basics } from './basics.ts';
import { secretsClient } from './secrets.ts';
import { clonesIn, storageOf } from './storage.ts';

/** What a host that runs several functions in one process gives to all of them. */
export interface Shared {
  log?: Log;
  /** Two models of one account's bucket would overdraw it together. */
  accounts?: AccountDirectory;
}

/** What planning and carrying out a clone needs (`ports`), and what that stands on. */
export function cloneParts(environment: EnvironmentWith<'FLOWFERRY_TABLE'>, shared: Shared = {}) {
  const client = secretsClient();
  const storage = storageOf(environment);
  const records = createRecordStore(storage);
  const { accounts, accountIndex, secrets } = accountPorts(environment, { client, records });
  const { clock, log } = basics(environment);
  const clones = clonesIn(storage, environment);
  // A big clone has tens of thousands of actions: their lines are for those who look for something.
  const isVerbose = environment.FLOWFERRY_LOG_LEVEL === 'DEBUG';
  const ports: ClonePorts = {
    clock,
    log,
    accounts,
    ledger: createLedger(storage),
    clones: isVerbose ? withActionLines(clones, (fields) => log.info('action', fields)) : clones,
    bindings: createBindingStore(storage),
    ...shared,
  };
  return { ports, client, storage, records, accountIndex, secrets };
}

export type CloneParts = ReturnType<typeof cloneParts>;
