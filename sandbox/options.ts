import { isIP } from 'node:net';
import { type BucketOptions, isBucketOptions } from './bucket.ts';
import { COLLECTIONS, isCollection, isObject } from './documents.ts';
import { OptionError } from './errors.ts';
import { isObjectId } from './ids.ts';
import { defaultAccounts } from './seed/index.ts';
import type { SandboxAccount, SandboxOptions } from './types.ts';

/** The options with all defaults filled in. */
export interface Settings {
  port: number;
  host: string;
  latencyMs: number;
  bucket: BucketOptions | 'unlimited';
  pageSize: number;
  accounts: SandboxAccount[];
  jobMs: number;
  jobOutcome: NonNullable<SandboxOptions['jobOutcome']>;
  onCall: SandboxOptions['onCall'];
  journalSize: number;
  globalIClientIds: ReadonlySet<string>;
}

const NAMES: ReadonlySet<string> = new Set<keyof SandboxOptions>([
  'port',
  'host',
  'latencyMs',
  'bucket',
  'pageSize',
  'accounts',
  'jobMs',
  'jobOutcome',
  'onCall',
  'journalSize',
  'globalIClientIds',
]);

/**
 * Checks the options and fills in what was left out.
 * @throws {OptionError} for an unknown option or one out of its range
 */
export function settle(options: SandboxOptions): Settings {
  for (const name of Object.keys(options)) {
    if (!NAMES.has(name)) throw new OptionError(name, 'there is no such option');
  }
  const settings: Settings = {
    port: options.port ?? 0,
    host: options.host ?? '127.0.0.1',
    latencyMs: options.latencyMs ?? 0,
    bucket: options.bucket ?? { size: 1000, refillPerSecond: 300 },
    pageSize: options.pageSize ?? 100,
    accounts: options.accounts ?? defaultAccounts(),
    jobMs: options.jobMs ?? 50,
    jobOutcome: options.jobOutcome ?? (() => ({})),
    onCall: options.onCall,
    journalSize: options.journalSize ?? 200_000,
    globalIClientIds: new Set(options.globalIClientIds ?? []),
  };
  whole('port', settings.port, 0, 65_535);
  whole('pageSize', settings.pageSize, 1, 1000);
  whole('journalSize', settings.journalSize, 1, 10_000_000);
  atLeastZero('latencyMs', settings.latencyMs);
  atLeastZero('jobMs', settings.jobMs);
  if (settings.host !== 'localhost' && isIP(settings.host) === 0) {
    throw new OptionError('host', 'expected an address');
  }
  if (settings.bucket !== 'unlimited' && !isBucketOptions(settings.bucket)) {
    throw new OptionError('bucket', "expected { size, refillPerSecond }, both above zero, or 'unlimited'");
  }
  for (const id of settings.globalIClientIds) {
    if (!isObjectId(id))
      throw new OptionError('globalIClientIds', 'expected ids of 24 hexadecimal characters');
  }
  checkAccounts(settings.accounts);
  return settings;
}

function checkAccounts(accounts: readonly SandboxAccount[]): void {
  const seen = new Set<string>();
  for (const account of accounts) {
    for (const field of ['name', 'token', 'userId'] as const) {
      const value = account[field];
      if (typeof value !== 'string' || value === '') {
        throw new OptionError('accounts', `an account needs a ${field}`);
      }
    }
    for (const mark of [`name ${account.name}`, `token ${account.token}`]) {
      if (seen.has(mark)) throw new OptionError('accounts', 'names and tokens must differ');
      seen.add(mark);
    }
    for (const [collection, documents] of Object.entries(account.documents ?? {})) {
      if (!isCollection(collection)) {
        throw new OptionError('accounts', `${collection} is none of ${COLLECTIONS.join(', ')}`);
      }
      if (!Array.isArray(documents) || !documents.every((it) => isObject(it) && isObjectId(it['_id']))) {
        throw new OptionError('accounts', `${collection} must be a list of documents with ids`);
      }
    }
  }
}

function whole(name: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new OptionError(name, `expected a whole number from ${low} to ${high}`);
  }
}

function atLeastZero(name: string, value: number): void {
  if (!Number.isFinite(value) || value < 0) throw new OptionError(name, 'expected a number of at least 0');
}
