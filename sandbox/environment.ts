import { readFileSync } from 'node:fs';
import { defaultAccounts, type SandboxAccount, type SandboxOptions } from './index.ts';

/**
 * The sandbox's options as the environment gives them.
 *
 * @throws {Error} with a line for every variable that is wrong
 */
export function sandboxOptionsFrom(env: Readonly<Record<string, string | undefined>>): SandboxOptions {
  const lines: string[] = [];
  const options: SandboxOptions = {};
  const read = <K extends keyof SandboxOptions>(
    option: K,
    variable: string,
    otherwise: string,
    from: (text: string, variable: string) => SandboxOptions[K],
  ): void => {
    try {
      options[option] = from(env[variable] || otherwise, variable);
    } catch (error) {
      lines.push((error as Error).message);
    }
  };
  read('port', 'SANDBOX_PORT', '3001', number);
  read('latencyMs', 'SANDBOX_LATENCY_MS', '0', number);
  read('accounts', 'SANDBOX_ACCOUNTS', '', (file) => (file ? readAccounts(file) : defaultAccounts()));
  if (env['SANDBOX_BUCKET']) read('bucket', 'SANDBOX_BUCKET', '', bucket);
  if (lines.length > 0) throw new Error(lines.join('\n'));
  return options;
}

function bucket(text: string): NonNullable<SandboxOptions['bucket']> {
  if (text === 'unlimited') return 'unlimited';
  const [size = 0, refillPerSecond = 0, ...more] = text.split(',').map(Number);
  if (size > 0 && refillPerSecond > 0 && more.length === 0) return { size, refillPerSecond };
  throw new Error('SANDBOX_BUCKET must be <size>,<refill a second>, both above zero, or unlimited.');
}

/** A file `{"<name>": {"token", "userId", "documents"?}}`, in the place of the accounts it starts with otherwise. */
function readAccounts(file: string): SandboxAccount[] {
  let accounts: Record<string, Omit<SandboxAccount, 'name'>>;
  try {
    accounts = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // The parser's own message would quote what it could not read: tokens, perhaps.
    throw new Error(`SANDBOX_ACCOUNTS: ${file} can't be read, or is not JSON.`);
  }
  return Object.entries(accounts).map(([name, account]) => ({ ...account, name }));
}

function number(text: string, name: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new Error(`${name} must be a number of at least 0: ${text}`);
}
