import { createHash } from 'node:crypto';
import type { LocalSettings } from './settings.ts';

/** An account of the sandbox, as far as its secret goes. */
interface SandboxLogin {
  name: string;
  token: string;
}

/** The secrets that the local run starts with: accounts, hooks, and the one key, known by its digest. */
export function startingSecrets(
  {
    accounts,
    apiKey,
    hooks,
    callbackSecret,
  }: Pick<LocalSettings, 'accounts' | 'apiKey' | 'hooks' | 'callbackSecret'>,
  sandbox: { url: string; accounts(): readonly SandboxLogin[] },
): Record<string, string> {
  const secrets: Record<string, string> = {};
  for (const { name, token } of sandbox.accounts()) {
    secrets[`flowferry/accounts/${name}`] = JSON.stringify({ token, region: 'us', baseUrl: sandbox.url });
  }
  for (const [name, account] of accounts) secrets[`flowferry/accounts/${name}`] = JSON.stringify(account);
  for (const [name, hook] of hooks) secrets[`flowferry/hooks/${name}`] = JSON.stringify(hook);
  secrets['flowferry/callback-secret'] = callbackSecret;
  const sha256 = createHash('sha256').update(apiKey).digest('hex');
  const key = { id: 'local', sha256, accounts: ['*'], admin: true };
  secrets['flowferry/api-keys'] = JSON.stringify({ keys: [key] });
  return secrets;
}
