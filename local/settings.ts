import { mkdirSync } from 'node:fs';
import type { AccountSecret } from '../adapters/secrets/index.ts';
import { EnvironmentError, readEnvironment } from '../lambdas/environment.ts';
import { sandboxOptionsFrom } from '../sandbox/environment.ts';
import type { SandboxOptions } from '../sandbox/index.ts';
import { readAccountsFile } from './accounts-file.ts';
import { readHooksFile } from './hooks-file.ts';
import { SettingsError } from './settings-error.ts';

/** How the local run is set up. */
export interface LocalSettings {
  /** The service's port on 127.0.0.1; 0: any free one. */
  port: number;
  sandbox: SandboxOptions;
  /** The key that may use every account. */
  apiKey: string;
  /** Accounts besides the sandbox's own, in whose place they stand where the names are equal. */
  accounts: ReadonlyMap<string, AccountSecret>;
  /** Webhooks' definitions by name, as their secrets hold them. */
  hooks: ReadonlyMap<string, unknown>;
  /** What callbacks are signed with. */
  callbackSecret: string;
  /** Folder of the database, the journals and the secrets; in memory when left out. */
  folder: string | undefined;
  /** How long `POST /clone` waits for the end, ms. */
  syncWaitMs: number;
  /** How many times as much as a deployment the routes take; 0: as much as comes. */
  throttleFactor: number;
  /** How often every account's token is looked at, ms; 0: never. */
  accountCheckMs: number;
  /** Variables of the deployed functions that are handed on to them as they are. */
  functionVariables: Readonly<Record<string, string>>;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Variables of the functions that make sense locally as well. */
const HANDED_ON = [
  'FLOWFERRY_CALLBACKS',
  'FLOWFERRY_CLONE_DAYS',
  'FLOWFERRY_FIRST_LOOK_SECONDS',
  'FLOWFERRY_HOOK_BURST',
  'FLOWFERRY_HOOK_RATE',
  'FLOWFERRY_IDEMPOTENCY_DAYS',
  'FLOWFERRY_KEY_BURST',
  'FLOWFERRY_KEY_RATE',
  'FLOWFERRY_LOG_LEVEL',
  'FLOWFERRY_SECRET_TTL_SECONDS',
  'FLOWFERRY_STALL_SECONDS',
  'FLOWFERRY_STEP_MS',
];

const CHECK_SECONDS = 'FLOWFERRY_ACCOUNT_CHECK_SECONDS';

/** Twenty days: timers know no longer time than 24. */
const LONGEST_CHECK_SECONDS = 1_728_000;

/** The handlers end their waiting before API Gateway ends its own. */
const LONGEST_SYNC_WAIT_MS = 28_000;

/** Whoever tries this out is alone: limits that a deployment shares among all its callers would only be in the way. */
export const THROTTLE_FACTOR = 100;

/**
 * Reads the variables of the local run. An empty variable counts as one that is not there.
 *
 * @throws {SettingsError} with a line for everything that is wrong
 */
export function readSettings(env: Variables, newKey: () => string): LocalSettings {
  const lines: string[] = [];
  const part = <T>(read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (error) {
      lines.push(...linesOf(error));
      return otherwise;
    }
  };
  const functionVariables = Object.fromEntries(
    HANDED_ON.flatMap((name) => (env[name] ? [[name, env[name]]] : [])),
  );
  const settings: LocalSettings = {
    port: part(() => wholeNumber(env, 'PORT', 3000, 65_535), 0),
    sandbox: {
      ...part(() => sandboxOptionsFrom({ ...env, SANDBOX_PORT: undefined }), {}),
      port: part(() => wholeNumber(env, 'SANDBOX_PORT', 3001, 65_535), 0),
    },
    apiKey: part(() => apiKey(env) ?? newKey(), ''),
    accounts: part(() => accounts(env), new Map()),
    hooks: part(() => hooks(env), new Map()),
    callbackSecret: part(() => callbackSecret(env) ?? whsec(newKey()), ''),
    folder: part(() => folder(env), undefined),
    syncWaitMs: part(() => wholeNumber(env, 'FLOWFERRY_SYNC_WAIT_MS', 20_000, LONGEST_SYNC_WAIT_MS), 0),
    throttleFactor: part(() => wholeNumber(env, 'FLOWFERRY_THROTTLE_FACTOR', THROTTLE_FACTOR, 1_000), 0),
    accountCheckMs: part(() => 1_000 * wholeNumber(env, CHECK_SECONDS, 86_400, LONGEST_CHECK_SECONDS), 0),
    functionVariables,
  };
  // The functions read them again; here only what is wrong with them counts.
  part(() => void readEnvironment(functionVariables), undefined);
  if (lines.length > 0) throw new SettingsError(lines);
  return settings;
}

function linesOf(error: unknown): readonly string[] {
  if (error instanceof SettingsError || error instanceof EnvironmentError) return error.lines;
  return (error as Error).message.split('\n');
}

function wholeNumber(env: Variables, variable: string, otherwise: number, most: number): number {
  const text = env[variable];
  if (!text) return otherwise;
  if (/^\d{1,9}$/.test(text) && Number(text) <= most) return Number(text);
  throw new SettingsError([`${variable} must be a whole number from 0 to ${most}.`]);
}

/** A key travels in a header. */
function apiKey(env: Variables): string | undefined {
  const key = env['FLOWFERRY_API_KEY'];
  if (!key) return undefined;
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new SettingsError(['FLOWFERRY_API_KEY must be printable ASCII without spaces.']);
}

function accounts(env: Variables): Map<string, AccountSecret> {
  const file = env['FLOWFERRY_ACCOUNTS'];
  return file ? readAccountsFile('FLOWFERRY_ACCOUNTS', file) : new Map();
}

function hooks(env: Variables): Map<string, unknown> {
  const file = env['FLOWFERRY_HOOKS'];
  return file ? readHooksFile('FLOWFERRY_HOOKS', file) : new Map();
}

/** The form that Standard Webhooks gives to secrets. */
function callbackSecret(env: Variables): string | undefined {
  const secret = env['FLOWFERRY_CALLBACK_SECRET'];
  if (!secret) return undefined;
  if (/^(whsec_)?([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/.test(secret)) {
    return secret;
  }
  throw new SettingsError(['FLOWFERRY_CALLBACK_SECRET must be base64, with or without whsec_ before it.']);
}

function whsec(key: string): string {
  return `whsec_${Buffer.from(key).toString('base64')}`;
}

function folder(env: Variables): string | undefined {
  const path = env['FLOWFERRY_DATA'];
  if (!path) return undefined;
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new SettingsError([`FLOWFERRY_DATA must be a folder, or one that can be made (${code}): ${path}`]);
  }
}
