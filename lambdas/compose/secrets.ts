import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { systemClock } from '../../adapters/integrator/system-clock.ts';
import { createKeyStore } from '../../adapters/secrets/key-store.ts';
import type { Environment } from '../environment.ts';
import { type Authorizer, identitiesOf } from '../identity.ts';
import type { KeyStore } from '../ports.ts';
import { requestHandler } from './basics.ts';

/** A client of Secrets Manager. */
export function secretsClient(): SecretsManagerClient {
  return new SecretsManagerClient({ requestHandler });
}

/** Who may come in: the keys' digests, or the identities that an authorizer of API Gateway finds out. */
export function keysOf(client: SecretsManagerClient, environment: Environment): KeyStore {
  const keys = createKeyStore({ client, clock: systemClock });
  const authorizer = authorizerOf(environment);
  if (authorizer === undefined) return { authenticate: keys.authenticate };
  return {
    authenticate: async () => undefined,
    identify: (found) => keys.byId(identitiesOf(authorizer, found)),
  };
}

function authorizerOf({
  FLOWFERRY_AUTH: auth,
  FLOWFERRY_JWT_CLAIM: claim,
}: Environment): Authorizer | undefined {
  if (auth === 'api-keys') return undefined;
  return auth === 'iam' ? { kind: 'iam' } : { kind: 'jwt', claim };
}
