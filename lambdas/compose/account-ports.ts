import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createRateLease } from '../../adapters/dynamodb/rate-lease.ts';
import { GateRegistry, type GateRegistryOptions, systemClock } from '../../adapters/integrator/index.ts';
import type { RecordStore } from '../../adapters/records.ts';
import { createAccountSecrets } from '../../adapters/secrets/account-secrets.ts';
import { createAccountDirectory } from '../account-directory.ts';
import { createAccountIndex } from '../account-index.ts';
import type { Environment } from '../environment.ts';

/** The accounts by name, each behind its one gate; the index of which there are; the secrets that hold their tokens. */
export function accountPorts(
  environment: Environment,
  { client, records }: { client: SecretsManagerClient; records: RecordStore },
) {
  const clock = systemClock;
  const allowLoopbackHttp = environment.FLOWFERRY_ALLOW_LOOPBACK;
  const ttlMs = environment.FLOWFERRY_SECRET_TTL_SECONDS * 1000;
  const { FLOWFERRY_ENCRYPTION_KEY: kmsKeyId } = environment;
  const secrets = createAccountSecrets({ client, clock, ttlMs, kmsKeyId, allowLoopbackHttp });
  const accountIndex = createAccountIndex({ records });
  const gates = new GateRegistry({ clock, lease: leasesOf(environment, records) });
  const directory = { secrets, index: accountIndex, gates, clock, allowLoopbackHttp };
  return { accounts: createAccountDirectory(directory), accountIndex, secrets };
}

/**
 * Leases of the accounts' buckets, by our names for them. Two names for one account have a bucket each: whoever gives
 * an account two names halves their rate shares.
 */
function leasesOf(
  { FLOWFERRY_PACING: pacing }: Environment,
  records: RecordStore,
): GateRegistryOptions['lease'] {
  if (pacing === 'own') return undefined;
  return (name) => createRateLease({ records, clock: systemClock, accountKey: async () => name });
}
