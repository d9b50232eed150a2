import type { CloneEngine, ClonePorts } from '../core/clone/index.ts';
import type { IdempotencyStore, WorkerStarter } from '../core/ports.ts';

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
}

export interface AccountIndex {
  /** Every account there is, in no order. */
  list(): Promise<readonly { account: string; region: string }[]>;
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
  idempotency: IdempotencyStore;
  worker: WorkerStarter;
  settings: ServiceSettings;
  /** A name for a new clone: unique, at most 50 of a-z, 0-9 and -. */
  newCloneId(): string;
}

/** What listing accounts and their flows needs of them. */
export type AccountsPorts = Pick<ServicePorts, 'accounts' | 'accountIndex' | 'keys' | 'clock' | 'log'>;
