import { resolve } from 'node:path';
import type { AccountSecret } from '../../adapters/secrets/index.ts';
import { readAccountsFile } from '../../local/accounts-file.ts';
import { SettingsError } from '../../local/settings-error.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';

/** The options by which a command chooses where it works. */
export interface HostOptions {
  accounts?: string;
  data?: string;
  url?: string;
  verbose?: boolean;
}

export type Accounts = ReadonlyMap<string, AccountSecret>;

/** Within this process, or at a service that runs elsewhere. */
export type HostChoice =
  | { kind: 'direct'; accounts: Accounts; folder: string }
  | { kind: 'remote'; url: string; key: string };

const WHERE =
  'give --accounts FILE (or FLOWFERRY_ACCOUNTS) to work from here, or --url URL (or FLOWFERRY_URL) to ask a service';

/** The folder that keeps clones and the ledger where nobody names another. */
const FOLDER = '.flowferry';

/**
 * Where a command works. Options count before variables; two that contradict each other are an error.
 *
 * @throws {UsageError}
 */
export function chooseHost(options: HostOptions, { env }: Pick<Io, 'env'>): HostChoice {
  const file = options.accounts ?? (options.url === undefined ? env['FLOWFERRY_ACCOUNTS'] : undefined);
  const url = options.url ?? (options.accounts === undefined ? env['FLOWFERRY_URL'] : undefined);
  if (file && url) {
    const both =
      options.accounts === undefined ? 'FLOWFERRY_ACCOUNTS and FLOWFERRY_URL' : '--accounts and --url';
    throw new UsageError(`${both} contradict each other`, WHERE);
  }
  if (url) {
    if (options.data !== undefined)
      throw new UsageError('--data means nothing with --url: the service keeps its own');
    return { kind: 'remote', url: checkUrl(url), key: keyOf(env) };
  }
  if (!file) throw new UsageError('neither accounts nor a service are given', WHERE);
  const folder = resolve(options.data ?? (env['FLOWFERRY_DATA'] || FOLDER));
  return { kind: 'direct', accounts: readAccounts(file, options), folder };
}

/** The accounts of the file, for commands that call integrator.io themselves. */
export function accountsFrom(options: HostOptions, { env }: Pick<Io, 'env'>): Accounts {
  const file = options.accounts ?? env['FLOWFERRY_ACCOUNTS'];
  if (!file) {
    throw new UsageError(
      'this command calls integrator.io itself and needs the account',
      'give --accounts FILE (or FLOWFERRY_ACCOUNTS)',
    );
  }
  return readAccounts(file, options);
}

function readAccounts(file: string, options: HostOptions): Accounts {
  try {
    return readAccountsFile(options.accounts === undefined ? 'FLOWFERRY_ACCOUNTS' : '--accounts', file);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    throw new UsageError(error.lines, 'the file holds {"<name>": {"token", "region"?, "baseUrl"?}}');
  }
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** The key travels with every call: in the clear only where it does not leave the machine. */
function checkUrl(text: string): string {
  if (!URL.canParse(text))
    throw new UsageError('--url: not a URL', 'for example https://api.example.com/flowferry');
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname))) {
    throw new UsageError('--url: must be https, or http on a loopback address');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new UsageError(
      '--url: must have no user, query or fragment',
      'the key belongs into FLOWFERRY_API_KEY',
    );
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function keyOf(env: Io['env']): string {
  const key = env['FLOWFERRY_API_KEY'];
  if (!key)
    throw new UsageError(
      'FLOWFERRY_API_KEY must hold the key of the service',
      'keys are never given as options',
    );
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new UsageError('FLOWFERRY_API_KEY must be printable ASCII without spaces');
  return key;
}
