import { createHash } from 'node:crypto';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createKeyStore } from '../../../adapters/secrets/index.ts';
import { startSecretsManager } from '../../../local/standins/secrets-manager.ts';
import { localClientConfig, type Standin } from '../../../local/standins/server.ts';
import { manualClock } from '../helpers.ts';

const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');
const KEYS = {
  keys: [
    { id: 'all', sha256: sha256('key-one'), accounts: ['*'], admin: true },
    { id: 'some', sha256: sha256('key-two').toUpperCase(), accounts: ['acme'] },
  ],
};

let standin: Standin;
let client: SecretsManagerClient;
let reads: number;

beforeEach(async () => {
  standin = await startSecretsManager({ secrets: { 'flowferry/api-keys': JSON.stringify(KEYS) } });
  client = new SecretsManagerClient({ ...localClientConfig(standin.endpoint), maxAttempts: 1 });
  reads = 0;
  client.middlewareStack.add(
    (next, context) => (input) => {
      if (context['commandName'] === 'GetSecretValueCommand') reads++;
      return next(input);
    },
    { step: 'initialize' },
  );
});

afterEach(async () => {
  client.destroy();
  await standin.close();
});

const store = (secret: string) =>
  client.send(new PutSecretValueCommand({ SecretId: 'flowferry/api-keys', SecretString: secret }));

test('a key stands for its accounts and rights, and an unknown one for nothing', async () => {
  const keys = createKeyStore({ client, clock: manualClock() });

  expect(await keys.authenticate('key-one')).toEqual({ id: 'all', accounts: ['*'], admin: true });
  expect(await keys.authenticate('key-two')).toEqual({ id: 'some', accounts: ['acme'], admin: false });
  for (const key of ['', 'key-three', sha256('key-one'), '__proto__']) {
    expect(await keys.authenticate(key)).toBeUndefined();
  }
});

test('a key that was added is found at once, but guesses do not cause a read each', async () => {
  const clock = manualClock();
  const keys = createKeyStore({ client, clock, rereadMs: 5_000 });
  await keys.authenticate('key-one');
  await store(JSON.stringify({ keys: [{ id: 'new', sha256: sha256('key-three'), accounts: [] }] }));

  for (let guess = 0; guess < 20; guess++) await keys.authenticate(`guess-${guess}`);
  const readsForGuesses = reads;
  clock.move(5_000);
  const added = await keys.authenticate('key-three');

  expect(readsForGuesses).toBe(1);
  expect(added).toMatchObject({ id: 'new' });
});

test('a key that was taken out works no longer once the keys are read again', async () => {
  const clock = manualClock();
  const keys = createKeyStore({ client, clock, ttlMs: 60_000 });
  await keys.authenticate('key-one');
  await store('{"keys": []}');

  clock.move(60_001);

  expect(await keys.authenticate('key-one')).toBeUndefined();
});

test.each([
  'planted-secret',
  '{"keys": {"planted-secret": 1}}',
  '{"keys": [{"id": "planted-secret", "sha256": "short", "accounts": []}]}',
  `{"keys": [{"id": "a", "sha256": "${sha256('x')}", "accounts": "planted-secret"}]}`,
])('a secret that holds no keys is an error that does not quote it', async (secret) => {
  await store(secret);
  const keys = createKeyStore({ client, clock: manualClock() });

  const error = await keys.authenticate('key-one').catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ code: 'keys_unusable' });
  expect(String(Reflect.get(Object(error), 'stack'))).not.toContain('planted-secret');
});
