import type { Events } from '../adapters/events/index.ts';
import type { RateLimiter } from '../adapters/limits/index.ts';
import type { RecordStore } from '../adapters/records.ts';
import type { Schedules } from '../adapters/schedules/schedules.ts';
import type { Hook } from '../adapters/webhooks/index.ts';
import type { CloneEngine, ClonePorts } from '../core/clone/index.ts';
import type { IdempotencyStore, WorkerStarter } from '../core/ports.ts';
import type { SyncStore } from '../core/sync/store.ts';

/** A caller: what the key it showed stands for. */
export interface ApiKey {
  id: string;
  /** Account names it may name as source or target; `*` stands for all. */
  accounts: readonly string[];
  admin: boolean;
}

export interface KeyStore {
  /** Who shows this key; `undefined` when nobody we know does. */
  authenticate(key: string): Promise<ApiKey | undefined>;
  /**
   * There only where API Gateway lets callers in, by IAM or a JWT, in the key's place: who the caller is that its
   * authorizer found; `undefined` for one we were not told of.
   */
  identify?(authorizer: unknown): Promise<ApiKey | undefined>;
}

/** What the index knows of one name. */
export interface IndexedAccount {
  /** Changes whenever the account is put or removed. */
  revision: string;
  /** `false`: it was removed. */
  exists: boolean;
}

export interface AccountIndex {
  /** Every account there is, in no order. */
  list(): Promise<readonly { account: string; region: string }[]>;
  /** `undefined` for a name that was never put. */
  find(account: string): Promise<IndexedAccount | undefined>;
  /** With `ifRevision` only where the name is still at it (`absent`: never put). */
  put(account: string, region: string, options?: { ifRevision?: string | undefined }): Promise<void>;
  remove(account: string): Promise<void>;
}

/** An account as a caller hands it in. */
export interface AccountInput {
  token: string;
  region?: 'us' | 'eu' | undefined;
  baseUrl?: string | undefined;
}

/** The accounts' secrets, as far as they are written here. */
export interface AccountWriter {
  /** Throws `invalid_account`, storing nothing, when it can't be used. */
  put(account: string, input: AccountInput): Promise<{ created: boolean }>;
  /** At once and for good; also where there is none. */
  delete(account: string): Promise<void>;
  /**
   * The ledger's key of the integrator.io account that this token opens, and its region; nothing is stored.
   * Throws `invalid_account`, `account_unauthorized`, `upstream_failed`.
   */
  probe(account: string, input: AccountInput): Promise<{ key: string; region: string }>;
}

export interface HookStore {
  /** The hook of this name; `undefined`: none. */
  get(name: string): Promise<Hook | undefined>;
}

/** The core's work with clones, as the HTTP functions call it: all but carrying one out. */
export type Engine = Pick<CloneEngine, 'planOnly' | 'newCloneRecord' | 'reportOf' | 'actionsPage'>;

/** The core's work with clones, as the worker calls it. */
export type WorkerEngine = Pick<CloneEngine, 'advance'>;

export interface ServiceSettings {
  /** How long `POST /clone` waits for the end of a clone, in ms. */
  syncWaitMs: number;
  /** How long an idempotency key is kept, in seconds. */
  idempotencyTtlSeconds: number;
  /** A running clone whose worker was silent for longer than this (ms) stands still and may be resumed. */
  stallAfterMs: number;
  /** Whether `callbackUrl` is served; where not, a request that has one is refused. */
  callbacks: boolean;
  /** Whether `http:` on a loopback address may stand where `https:` is asked for. */
  allowLoopbackHttp: boolean;
}

/** Everything the HTTP functions need; each uses its part. */
export interface ServicePorts extends ClonePorts {
  engine: Engine;
  keys: KeyStore;
  accountIndex: AccountIndex;
  accountWriter: AccountWriter;
  hooks: HookStore;
  records: RecordStore;
  idempotency: IdempotencyStore;
  syncs: SyncStore;
  /** What calls syncs at their times; left out: nothing does. */
  schedules?: Schedules | undefined;
  worker: WorkerStarter;
  /** How often one key, and one hook, may call; left out: as often as they like. */
  keyLimiter?: RateLimiter | undefined;
  hookLimiter?: RateLimiter | undefined;
  settings: ServiceSettings;
  /** A name for a new clone: unique, at most 50 of a-z, 0-9 and -. */
  newCloneId(): string;
}

/** What the accounts' routes need of them. */
export type AccountsPorts = Pick<
  ServicePorts,
  | 'accounts'
  | 'accountIndex'
  | 'accountWriter'
  | 'bindings'
  | 'clock'
  | 'clones'
  | 'keyLimiter'
  | 'keys'
  | 'ledger'
  | 'log'
  | 'newCloneId'
  | 'worker'
> & { engine: Pick<Engine, 'reportOf'> };

/** What the daily look at every token needs. */
export type AccountCheckPorts = Pick<ServicePorts, 'accounts' | 'accountIndex' | 'log'> & { events: Events };
