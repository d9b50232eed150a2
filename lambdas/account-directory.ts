import {
  createHttpExchange,
  type GateRegistry,
  givingUpAfter,
  openAccount,
} from '../adapters/integrator/index.ts';
import type { AccountSecret, AccountSecrets } from '../adapters/secrets/index.ts';
import type { AccountDirectory, Clock } from '../core/ports.ts';
import type { AccountIndex } from './ports.ts';

/**
 * Opens accounts by the secrets that hold their tokens. A token that integrator.io refuses is read again once, for
 * it may have been rotated since; an account that the index says was changed or deleted is read again at once. All
 * who open an account pass through its one gate.
 */
export function createAccountDirectory({
  secrets,
  index,
  gates,
  clock,
  allowLoopbackHttp,
}: {
  secrets: AccountSecrets;
  /** Left out: changes are noticed when the secrets' time to live is over. */
  index?: Pick<AccountIndex, 'find' | 'put'> | undefined;
  gates: GateRegistry;
  clock: Clock;
  allowLoopbackHttp: boolean;
}): AccountDirectory {
  const seen = new Map<string, string>();
  // One for all accounts: connections are kept by host.
  const { exchange } = createHttpExchange();

  async function secretOf(name: string): Promise<AccountSecret> {
    const entry = await index?.find(name);
    const isStale = entry !== undefined && seen.get(name) !== entry.revision;
    const secret = await (isStale ? secrets.refresh(name) : secrets.get(name));
    if (entry !== undefined) seen.set(name, entry.revision);
    // A secret that was made by hand: from now on its account is listed. Not if it was deleted meanwhile.
    if (index !== undefined && entry?.exists !== true) {
      await index.put(name, secret.region, { ifRevision: entry?.revision ?? 'absent' });
    }
    return secret;
  }

  return {
    open: async (name, { rateShare, patienceMs }) => {
      const { region, baseUrl } = await secretOf(name);
      return openAccount({
        name,
        region,
        baseUrl,
        allowLoopbackHttp,
        rateShare,
        clock,
        exchange,
        gate: gates.gate(name),
        ...(patienceMs === undefined ? {} : givingUpAfter(patienceMs)),
        token: async ({ refresh }) => (await (refresh ? secrets.refresh(name) : secrets.get(name))).token,
      });
    },
  };
}
