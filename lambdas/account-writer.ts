import { Gate, givingUpAfter, openAccount } from '../adapters/integrator/index.ts';
import { checkAccountSecret } from '../adapters/secrets/account-secret.ts';
import type { AccountSecrets } from '../adapters/secrets/account-secrets.ts';
import type { Clock } from '../core/ports.ts';
import { CALLER_PATIENCE_MS } from './patience.ts';
import type { AccountWriter } from './ports.ts';

/** Accounts' secrets as they are written: tried out first, over a gate of its own, then kept. */
export function createAccountWriter({
  secrets,
  clock,
  allowLoopbackHttp,
}: {
  secrets: AccountSecrets;
  clock: Clock;
  allowLoopbackHttp: boolean;
}): AccountWriter {
  return {
    put: (account, input) => secrets.put(account, input),
    delete: (account) => secrets.delete(account),
    async probe(account, input) {
      const { token, region, baseUrl } = checkAccountSecret(account, input, { allowLoopbackHttp });
      const opened = openAccount({
        name: account,
        region,
        baseUrl,
        allowLoopbackHttp,
        rateShare: 1,
        clock,
        gate: new Gate({ clock }),
        token: async () => token,
        ...givingUpAfter(CALLER_PATIENCE_MS),
      });
      const { key } = await opened.identity();
      return { key, region };
    },
  };
}
