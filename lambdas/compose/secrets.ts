import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { systemClock } from '../../adapters/integrator/system-clock.ts';
import { createKeyStore } from '../../adapters/secrets/key-store.ts';
import type { KeyStore } from '../ports.ts';
import { requestHandler } from './basics.ts';

/** A client of Secrets Manager. */
export function secretsClient(): SecretsManagerClient {
  return new SecretsManagerClient({ requestHandler });
}

/** The digests of the keys that let callers in. */
export function keysOf(client: SecretsManagerClient): KeyStore {
  return createKeyStore({ client, clock: systemClock });
}
