import { createRecordStore } from '../../adapters/dynamodb/record-store.ts';
import { readEnvironment, type Variables } from '../environment.ts';
import type { AccountCheckPorts } from '../ports.ts';
import { accountPorts } from './account-ports.ts';
import { basics } from './basics.ts';
import { eventsOf } from './events.ts';
import type { Shared } from './parts.ts';
import { secretsClient } from './secrets.ts';
import { storageOf } from './storage.ts';

/** For `account-check`: the accounts, their index and the bus. */
export function composeAccountCheck(variables: Variables, shared: Shared = {}): AccountCheckPorts {
  const environment = readEnvironment(variables, ['FLOWFERRY_TABLE']);
  const records = createRecordStore(storageOf(environment));
  const { accountIndex, ...own } = accountPorts(environment, { client: secretsClient(), records });
  const { log = basics(environment).log, accounts = own.accounts } = shared;
  return { log, accounts, accountIndex, events: eventsOf(environment, log) };
}
