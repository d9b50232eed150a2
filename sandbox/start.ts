import { readFileSync } from 'node:fs';
import { defaultAccounts, type SandboxAccount, type SandboxOptions, startSandbox } from './index.ts';

/** Runs the sandbox in a process of its own, set up by the environment, until SIGTERM or SIGINT. */
const sandbox = await startSandbox(readOptions(process.env));
console.log(`sandbox ready on ${sandbox.url}`);
console.log(
  `accounts: ${sandbox
    .accounts()
    .map(({ name }) => name)
    .join(', ')}`,
);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    sandbox.close().then(() => process.exit(0));
  });
}

function readOptions(env: NodeJS.ProcessEnv): SandboxOptions {
  const options: SandboxOptions = {
    port: number('SANDBOX_PORT', env['SANDBOX_PORT'] ?? '3001'),
    latencyMs: number('SANDBOX_LATENCY_MS', env['SANDBOX_LATENCY_MS'] ?? '0'),
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
