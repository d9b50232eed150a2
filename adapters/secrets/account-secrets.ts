import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { FlowferryError } from '../../core/model/problem.ts';
import { accountName } from '../../core/model/request.ts';
import type { Clock } from '../../core/ports.ts';
import { type AccountSecret, checkAccountSecret, parseAccountSecret } from './account-secret.ts';
import { isMissing, isTaken, readSecret, secretsUnavailable } from './read.ts';
import { SecretCache } from './secret-cache.ts';

const isObject = (value: unknown) => typeof value === 'object' && value !== null;

const schema = z.strictObject({
  client: z.custom<SecretsManagerClient>(isObject, 'must be a SecretsManagerClient'),
  clock: z.custom<Clock>(isObject, 'must be a Clock'),
  /** How long a secret is used before it is read again, in ms. */
  ttlMs: z._default(z.number().check(z.gte(0)), 300_000),
  /** What stands before an account's name in its secret's. */
  prefix: z._default(z.string(), 'flowferry/accounts/'),
  /** The KMS key that new secrets are encrypted with; left out: the one that AWS manages. */
  kmsKeyId: z.optional(z.string().check(z.minLength(1))),
  /** Local runs only: a baseUrl may be http on a loopback address. */
  allowLoopbackHttp: z._default(z.boolean(), false),
});

export type AccountSecretsOptions = z.input<typeof schema>;

/** The accounts we hold tokens for. */
export interface AccountSecrets {
  /**
   * The account's secret, as read at most `ttlMs` ago. Throws `account_not_found` for a name without a secret,
   * `invalid_account` for a secret that can't be used, `secrets_unavailable` where Secrets Manager can't be asked.
   */
  get(name: string): Promise<AccountSecret>;
  /** Reads anew: after integrator.io refused the token. */
  refresh(name: string): Promise<AccountSecret>;
  /** Stores an account; tells whether it is new. Throws `invalid_account`, storing nothing, when it can't be used. */
  put(
    name: string,
    secret: { token: string; region?: string | undefined; baseUrl?: string | undefined },
  ): Promise<{ created: boolean }>;
  /** Deletes at once and for good; also where there is none. */
  delete(name: string): Promise<void>;
}

/** Pauses, ms, while a name is waited for whose secret is being deleted. */
const DELETION_PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000] as const;

function notFound(name: string): FlowferryError {
  return new FlowferryError(
    'account_not_found',
    `There is no account ${JSON.stringify(name.slice(0, 100))}.`,
  );
}

/** The accounts' tokens in Secrets Manager, one secret each. */
export function createAccountSecrets(options: AccountSecretsOptions): AccountSecrets {
  const { client, clock, ttlMs, prefix, kmsKeyId: KmsKeyId, allowLoopbackHttp } = schema.parse(options);
  const isName = (name: string) => accountName.safeParse(name).success;
  const secrets = new SecretCache(read, { clock, ttlMs });

  async function read(name: string): Promise<AccountSecret> {
    const text = await readSecret(client, prefix + name);
    if (text === undefined) throw notFound(name);
    return parseAccountSecret(name, text, { allowLoopbackHttp });
  }

  /** Writes the secret of an account that exists, else creates it, whoever else does either meanwhile. */
  async function write(SecretId: string, SecretString: string): Promise<{ created: boolean }> {
    try {
      await client.send(new PutSecretValueCommand({ SecretId, SecretString }));
      return { created: false };
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    try {
      await create(SecretId, SecretString);
      return { created: true };
    } catch (error) {
      if (!isTaken(error)) throw error;
      await client.send(new PutSecretValueCommand({ SecretId, SecretString }));
      return { created: false };
    }
  }

  /** A deletion without recovery goes on for some seconds after it was answered, and holds the name till then. */
  async function create(Name: string, SecretString: string): Promise<void> {
    for (const pauseMs of [...DELETION_PAUSES_MS, undefined]) {
      try {
        await client.send(new CreateSecretCommand({ Name, SecretString, KmsKeyId }));
        return;
      } catch (error) {
        if (!isMissing(error) || pauseMs === undefined) throw error;
        await clock.sleep(pauseMs);
      }
    }
  }

  return {
    async get(name) {
      if (!isName(name)) throw notFound(name);
      return secrets.get(name);
    },

    async refresh(name) {
      if (!isName(name)) throw notFound(name);
      return secrets.refresh(name);
    },

    async put(name, secret) {
      if (!isName(name)) throw notFound(name);
      const { token, region, baseUrl } = secret;
      const checked = checkAccountSecret(name, { token, region, baseUrl }, { allowLoopbackHttp });
      try {
        return await write(prefix + name, JSON.stringify(checked));
      } catch (error) {
        throw secretsUnavailable(error);
      } finally {
        secrets.drop(name);
      }
    },

    async delete(name) {
      if (!isName(name)) return;
      try {
        await client.send(
          new DeleteSecretCommand({ SecretId: prefix + name, ForceDeleteWithoutRecovery: true }),
        );
      } catch (error) {
        if (!isMissing(error)) throw secretsUnavailable(error);
      } finally {
        secrets.drop(name);
      }
    },
  };
}
