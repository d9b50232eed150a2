import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type AccountSecretsOptions, createAccountSecrets } from '../../../adapters/secrets/index.ts';
import { startSecretsManager } from '../../../local/standins/secrets-manager.ts';
import { localClientConfig, type Standin } from '../../../local/standins/server.ts';
import { manualClock } from '../helpers.ts';

const TOKEN = 'planted-token-0123456789';

let standin: Standin;
let client: SecretsManagerClient;
let calls: string[];

async function start(secrets: Record<string, string>): Promise<void> {
  standin = await startSecretsManager({ secrets });
  client = new SecretsManagerClient({ ...localClientConfig(standin.endpoint), maxAttempts: 1 });
  calls = [];
  client.middlewareStack.add(
    (next, context) => (input) => {
      calls.push(String(context['commandName']));
      return next(input);
    },
    { step: 'initialize' },
  );
}

beforeEach(() =>
  start({
    'flowferry/accounts/acme': JSON.stringify({ token: TOKEN, region: 'eu' }),
    'flowferry/accounts/local': JSON.stringify({ token: TOKEN, baseUrl: 'http://127.0.0.1:3001/' }),
    'flowferry/accounts/broken': `{"token": "${TOKEN}"`,
    'flowferry/api-keys': '{}',
  }),
);

afterEach(async () => {
  client.destroy();
  await standin.close();
});

function open(more: Partial<AccountSecretsOptions> = {}) {
  const clock = manualClock();
  return { clock, accounts: createAccountSecrets({ client, clock, allowLoopbackHttp: true, ...more }) };
}

describe('reading', () => {
  test('an account is read once for all who ask, and again when its time is over', async () => {
    const { accounts, clock } = open({ ttlMs: 1_000 });

    const answers = await Promise.all([accounts.get('acme'), accounts.get('acme'), accounts.get('acme')]);
    await accounts.get('acme');
    const before = calls.length;
    clock.move(1_001);
    await accounts.get('acme');

    expect(answers[0]).toEqual({ token: TOKEN, region: 'eu' });
    expect([before, calls.length]).toEqual([1, 2]);
  });

  test('a refresh reads what was changed meanwhile, once for all who ask', async () => {
    const { accounts } = open();
    const other = open().accounts;
    await accounts.get('acme');
    await other.put('acme', { token: 'another' });
    calls.length = 0;

    const refreshed = await Promise.all([accounts.refresh('acme'), accounts.refresh('acme')]);

    expect(refreshed.map(({ token }) => token)).toEqual(['another', 'another']);
    expect(calls).toEqual(['GetSecretValueCommand']);
    expect(await accounts.get('acme')).toEqual({ token: 'another', region: 'us' });
  });

  test.each(['nobody', '__proto__', 'constructor', 'Acme', '../api-keys', '', 'a'.repeat(64)])(
    'the name %j belongs to no account',
    async (name) => {
      const { accounts } = open();

      await expect(accounts.get(name)).rejects.toMatchObject({ code: 'account_not_found' });
      await expect(accounts.refresh(name)).rejects.toMatchObject({ code: 'account_not_found' });
    },
  );

  test('an http address on loopback is refused where the process does not allow it', async () => {
    const allowed = await open().accounts.get('local');
    const refused = open({ allowLoopbackHttp: false }).accounts.get('local');

    expect(allowed.baseUrl).toBe('http://127.0.0.1:3001');
    await expect(refused).rejects.toMatchObject({ code: 'invalid_account' });
  });

  test('a store that is away is told apart from an account that is not there', async () => {
    const { accounts } = open();
    await standin.close();

    const asked = accounts.get('acme');

    await expect(asked).rejects.toMatchObject({ code: 'secrets_unavailable' });
    await start({});
  });
});

describe('secrets that cannot be used', () => {
  test.each([
    ['JSON that is cut off', `{"token": "${TOKEN}"`],
    ['a bare token', TOKEN],
    ['a list', `["${TOKEN}"]`],
    ['a token with a line break', JSON.stringify({ token: `${TOKEN}\nx-evil: 1` })],
    ['a token under the wrong name', JSON.stringify({ [TOKEN]: true, token: 'x' })],
    ['another region', JSON.stringify({ token: TOKEN, region: 'mars' })],
    ['an address that is not https', JSON.stringify({ token: TOKEN, baseUrl: 'http://example.com' })],
    [
      'an address with a password',
      JSON.stringify({ token: 'x', baseUrl: `https://user:${TOKEN}@example.com` }),
    ],
  ])('%s is refused without quoting the secret', async (_, secret) => {
    client.destroy();
    await standin.close();
    await start({ 'flowferry/accounts/acme': secret });

    const error = await open()
      .accounts.get('acme')
      .catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: 'invalid_account' });
    expect(everythingOf(error)).not.toContain(TOKEN);
  });
});

describe('writing', () => {
  test('an account is new the first time, replaced the second, and gone once deleted', async () => {
    const { accounts } = open();

    const first = await accounts.put('tenant', { token: 'one' });
    const second = await accounts.put('tenant', { token: 'two', region: 'eu' });
    const read = await accounts.get('tenant');
    await accounts.delete('tenant');
    await accounts.delete('tenant');

    expect([first, second]).toEqual([{ created: true }, { created: false }]);
    expect(read).toEqual({ token: 'two', region: 'eu' });
    await expect(accounts.get('tenant')).rejects.toMatchObject({ code: 'account_not_found' });
  });

  test('an account that could not be used is not stored', async () => {
    const { accounts } = open();

    await expect(accounts.put('tenant', { token: 'a b' })).rejects.toMatchObject({ code: 'invalid_account' });
    await expect(accounts.put('acme', { token: 'x', region: 'mars' })).rejects.toMatchObject({
      code: 'invalid_account',
    });
    expect(await accounts.get('acme')).toMatchObject({ token: TOKEN });
  });
});

test('a misspelt option is an error', () => {
  const options = { client, clock: manualClock(), ttl: 5 };

  expect(() => createAccountSecrets(options)).toThrow(/ttl/);
});

/** All that a log could show of an error: message, stack, fields, causes. */
function everythingOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const members = Reflect.ownKeys(error).map((key) => everythingOf(Reflect.get(error, key)));
  return [String(error), JSON.stringify(error), ...members].join('\n');
}
