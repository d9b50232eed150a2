import { readFileSync } from 'node:fs';
import { defaultAccounts, type SandboxAccount, type SandboxOptions } from './index.ts';

/**
 * The sandbox's options as the environment gives them.
 *
 * @throws {Error} one that names the variable that is wrong
 */
export function sandboxOptionsFrom(env: Readonly<Record<string, string | undefined>>): SandboxOptions {
  const options: SandboxOptions = {
    port: number('SANDBOX_PORT', env['SANDBOX_PORT'] || '3001'),
    latencyMs: number('SANDBOX_LATENCY_MS', env['SANDBOX_LATENCY_MS'] || '0'),
    accounts: env['SANDBOX_ACCOUNTS'] ? readAccounts(env['SANDBOX_ACCOUNTS']) : defaultAccounts(),
  };
  const bucket = env['SANDBOX_BUCKET'];
  if (bucket === 'unlimited') options.bucket = 'unlimited';
  else if (bucket) {
    const [size = '', refill = ''] = bucket.split(',', 2);
    options.bucket = {
      size: number('SANDBOX_BUCKET', size),
      refillPerSecond: number('SANDBOX_BUCKET', refill),
    };
  }
  return options;
}

/** A file `{"<name>": {"token", "userId", "documents"?}}`, in the place of the accounts it starts with otherwise. */
function readAccounts(file: string): SandboxAccount[] {
  const accounts = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Omit<SandboxAccount, 'name'>>;
  return Object.entries(accounts).map(([name, account]) => ({ ...account, name }));
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new Error(`${name} must be a number: ${text}`);
  return value;
}
