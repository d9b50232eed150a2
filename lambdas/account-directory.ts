import { type GateRegistry, openAccount } from '../adapters/integrator/index.ts';
import type { AccountSecrets } from '../adapters/secrets/index.ts';
import type { AccountDirectory, Clock } from '../core/ports.ts';

/**
 * Opens accounts by the secrets that hold their tokens. A token that integrator.io refuses is read again once, for
 * it may have been rotated since. All who open an account pass through its one gate.
 */
export function createAccountDirectory({
  secrets,
  gates,
  clock,
  allowLoopbackHttp,
}: {
  secrets: AccountSecrets;
  gates: GateRegistry;
  clock: Clock;
  allowLoopbackHttp: boolean;
}): AccountDirectory {
  return {
    open: async (name, { rateShare }) => {
      const { region, baseUrl } = await secrets.get(name);
      return openAccount({
        name,
        region,
        baseUrl,
        allowLoopbackHttp,
        rateShare,
        clock,
        gate: gates.gate(name),
        token: async ({ refresh }) => (await (refresh ? secrets.refresh(name) : secrets.get(name))).token,
      });
    },
  };
}
