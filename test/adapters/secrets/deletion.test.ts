import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createAccountSecrets } from '../../../adapters/secrets/index.ts';
import { AwsError, createAwsJsonServer } from '../../../local/standins/aws-json.ts';
import { closeServer, listenOnLoopback, localClientConfig } from '../../../local/standins/server.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Accounts over a Secrets Manager that refuses this many creations because the name is being deleted. */
async function afterDeletion(refusals: number) {
  const pauses: number[] = [];
  let created = 0;
  const beingDeleted = new AwsError(
    'InvalidRequestException',
    "You can't create this secret because a secret with this name is already scheduled for deletion.",
  );
  const server = createAwsJsonServer(
    new Map([
      [
        'PutSecretValue',
        () => {
          throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
        },
      ],
      [
        'CreateSecret',
        () => {
          created += 1;
          if (created <= refusals) throw beingDeleted;
          return {};
        },
      ],
    ]),
  );
  const endpoint = await listenOnLoopback(server, 0);
  const client = new SecretsManagerClient({ ...localClientConfig(endpoint), maxAttempts: 1 });
  closers.push(
    async () => client.destroy(),
    () => closeServer(server),
  );
  const clock = { now: () => 0, monotonic: () => 0, sleep: async (ms: number) => void pauses.push(ms) };
  return { accounts: createAccountSecrets({ client, clock }), pauses };
}

describe('an account whose name was just deleted', () => {
  test('is put as soon as the deletion lets go of the name', async () => {
    const { accounts, pauses } = await afterDeletion(3);

    expect(await accounts.put('acme', { token: 'token' })).toEqual({ created: true });
    expect(pauses).toEqual([500, 1_000, 2_000]);
  });

  test('is not waited for without end', async () => {
    const { accounts, pauses } = await afterDeletion(Number.POSITIVE_INFINITY);

    await expect(accounts.put('acme', { token: 'token' })).rejects.toMatchObject({
      code: 'secrets_unavailable',
    });
    expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(20_000);
  });
});
