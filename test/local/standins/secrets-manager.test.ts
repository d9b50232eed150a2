import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startSecretsManager } from '../../../local/standins/secrets-manager.ts';
import { localClientConfig } from '../../../local/standins/server.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flowferry-secrets-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function withStandin<T>(
  secrets: Record<string, string>,
  use: (client: SecretsManagerClient) => Promise<T>,
): Promise<T> {
  const standin = await startSecretsManager({ folder, secrets });
  const client = new SecretsManagerClient({ ...localClientConfig(standin.endpoint), maxAttempts: 1 });
  try {
    return await use(client);
  } finally {
    client.destroy();
    await standin.close();
  }
}

const read = async (client: SecretsManagerClient, SecretId: string) =>
  (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString;

test('what was stored at run time survives a restart in a file that only its owner may read', async () => {
  await withStandin({ given: 'g' }, async (client) => {
    await client.send(new CreateSecretCommand({ Name: 'made', SecretString: 'one' }));
    await client.send(new PutSecretValueCommand({ SecretId: 'made', SecretString: 'two' }));
    await client.send(new CreateSecretCommand({ Name: '__proto__', SecretString: 'strange' }));
  });

  const after = await withStandin({}, (client) =>
    Promise.all(['made', '__proto__'].map((id) => read(client, id))),
  );
  const file = join(folder, 'secrets.json');

  expect(after).toEqual(['two', 'strange']);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).not.toContain('given');
});

test('a secret given at the start is there, and one stored at run time goes before it', async () => {
  const first = await withStandin({ a: 'given' }, async (client) => {
    const given = await read(client, 'a');
    await client.send(new PutSecretValueCommand({ SecretId: 'a', SecretString: 'stored' }));
    return given;
  });

  expect(first).toBe('given');
  expect(await withStandin({ a: 'given' }, (client) => read(client, 'a'))).toBe('stored');
});

test('errors are those of the service, by name', async () => {
  await withStandin({ a: 'x' }, async (client) => {
    const missing = client.send(new GetSecretValueCommand({ SecretId: 'b' }));
    await expect(missing).rejects.toMatchObject({ name: 'ResourceNotFoundException' });

    const existing = client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'y' }));
    await expect(existing).rejects.toMatchObject({ name: 'ResourceExistsException' });

    await client.send(new DeleteSecretCommand({ SecretId: 'a', ForceDeleteWithoutRecovery: true }));
    const deleted = client.send(new DescribeSecretCommand({ SecretId: 'a' }));
    await expect(deleted).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
