import {
  createHttpExchange,
  createIntegratorClient,
  GateRegistry,
  type IntegratorClient,
  openAccount,
} from '../../adapters/integrator/index.ts';
import { FlowferryError } from '../../core/model/problem.ts';
import type { AccountDirectory, Clock } from '../../core/ports.ts';
import type { Accounts } from './choose.ts';

/** Accounts of a file, as the engine opens them. Equal names share one gate. */
export function directoryOf(accounts: Accounts, clock: Clock): AccountDirectory {
  const gates = new GateRegistry({ clock });
  const { exchange } = createHttpExchange();
  return {
    open: async (name, { rateShare }) => {
      const options = clientOptions(accounts, name);
      return openAccount({ ...options, name, rateShare, clock, exchange, gate: gates.gate(name) });
    },
  };
}

/** A client for one account of a file. `account_not_found` where the file has none of this name. */
export function clientOf(accounts: Accounts, name: string, clock: Clock): IntegratorClient {
  return createIntegratorClient({ ...clientOptions(accounts, name), clock });
}

function clientOptions(accounts: Accounts, name: string) {
  const account = accounts.get(name);
  if (account === undefined) throw new FlowferryError('account_not_found', `There is no account "${name}".`);
  // http was checked when the file was read; a file is as local as this process.
  return { ...account, allowLoopbackHttp: true };
}
