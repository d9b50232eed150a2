/**
 * What the core needs from outside. Hosts compose implementations of these once and hand them in;
 * nothing in the core reads a clock, the environment or the network by itself.
 */

import type { Disputed } from './merge/index.ts';
import type { ActionReport, CloneState, CloneStatus } from './model/clone.ts';
import type { CloneRequest, Patches } from './model/request.ts';
import type { Document, Json, JsonObject, ResourceType } from './model/resource.ts';
import type { SyncOrder } from './model/sync.ts';

// ---------------------------------------------------------------- integrator.io

/** One integrator.io account and environment. `key` is what the ledger knows it by: `<region>:<_userId>`. */
export interface AccountIdentity {
  key: string;
  region: string;
  userId: string;
}

/** How many calls went out, repeats included, and what became of them. */
export interface CallStats {
  calls: number;
  retries: number;
  rateLimited: number;
}

export interface PatchOperation {
  op: 'add' | 'replace' | 'remove';
  path: string;
  value?: Json;
}

export interface Job {
  jobId: string;
  /** queued, running, retrying and canceling are transitional; completed, failed and canceled are final. */
  status: string;
  numSuccess?: number;
  numError?: number;
  numIgnore?: number;
}

export interface ListOptions {
  /** Fields to answer besides the identity ones. A server that ignores projection answers more. */
  include?: readonly string[];
}

/** How a call that changes something goes out. */
export interface WriteOptions {
  /**
   * Asked each time the call may go out, right before it does, however long it waited for its turn. A rejection keeps
   * it from being sent, and is what the call throws.
   */
  beforeSend?: (() => Promise<void>) | undefined;
}

/**
 * The calls the engine makes to one integrator.io account. The implementation paces them by the account's
 * bucket, obeys Retry-After and repeats what may be repeated.
 *
 * Every method throws an error with `code`: `account_unauthorized` where the token is refused, `answer_lost`
 * where a POST may or may not have happened, `upstream_failed` where integrator.io failed beyond the retries,
 * `refused` where it refused the call for good (the error then carries `status` and `fields`).
 */
export interface Account {
  /** Our name for it, from the request. */
  readonly name: string;
  identity(): Promise<AccountIdentity>;
  /** `undefined` when integrator.io answers 404. */
  get(type: ResourceType, id: string): Promise<Document | undefined>;
  /** Pages of the whole collection, in the server's order. An empty collection gives no page. */
  list(type: ResourceType, options?: ListOptions): AsyncIterable<readonly Document[]>;
  /** POST; the answer is the stored document. Never repeated once it may have happened. */
  create(type: ResourceType, body: JsonObject, options?: WriteOptions): Promise<Document>;
  /** PUT: replaces the whole document; the answer is the stored document. */
  replace(type: ResourceType, id: string, body: JsonObject, options?: WriteOptions): Promise<Document>;
  patch(
    type: ResourceType,
    id: string,
    operations: readonly PatchOperation[],
    options?: WriteOptions,
  ): Promise<void>;
  /** DELETE; `false` when it was gone already. */
  remove(type: ResourceType, id: string, options?: WriteOptions): Promise<boolean>;
  registerConnections(
    integrationId: string,
    connectionIds: readonly string[],
    options?: WriteOptions,
  ): Promise<void>;
  deregisterConnection(integrationId: string, connectionId: string, options?: WriteOptions): Promise<void>;
  run(flowId: string, body: JsonObject, options?: WriteOptions): Promise<{ jobId: string }>;
  job(jobId: string): Promise<Job>;
  /** Whether a connection works now. */
  ping(connectionId: string): Promise<boolean>;
  /** Whether the package a distributed step needs is installed behind this connection; `undefined`: not told. */
  hasDistributedPackage(connectionId: string): Promise<boolean | undefined>;
  /** Address that a webhook export receives at, for a document as the account returned it. */
  webhookUrl(exportDocument: Document): string;
  /** integrator.io's own time in ms since the epoch, from the newest `Date` header; `undefined` before the first answer. */
  serverTime(): number | undefined;
  /** The longest a request may be under way, in ms: a lost POST can't take effect later than that. */
  readonly requestTimeoutMs: number;
  /** Calls per second this client may make over a long time, for estimates. */
  readonly callsPerSecond: number;
  /** Calls it may make at once, before `callsPerSecond` counts. */
  readonly burst: number;
  stats(): CallStats;
  /** How long the oldest of the calls under way has gone without a good answer, in ms; 0 while none waits for one. */
  unansweredMs(): number;
}

// ---------------------------------------------------------------- ledger

/** Two accounts by their identity keys: whose objects became whose. */
export interface Pair {
  source: string;
  target: string;
}

/** What one source object became in one target account. */
export interface LedgerRow {
  sourceId: string;
  targetId: string;
  type: ResourceType;
  name: string;
  /** The clone that last wrote it. */
  cloneId: string;
  /** `true`: made by us, so that undoing and pruning may delete it. `false`: taken over through `adopt`. */
  made: boolean;
  /**
   * SHA-256 (hex) of all that the copy was made from: the stripped source document, the ids it was rewritten
   * with, and the overrides. As long as it stays the same, there is nothing to write.
   */
  sourceHash: string;
  /** The source document holds ids in its text, so that it must be read again to know it is unchanged. */
  textIds?: boolean | undefined;
  /** `lastModified` of the source document then, to see without its content that it did not change. */
  sourceModified?: string | undefined;
  /** SHA-256 (hex) of the normalised document last sent. */
  appliedHash: string;
  /**
   * SHA-256 (hex) of the copy's normalised document as the last write answered it, with what the server added: a
   * copy that has another one was changed by somebody else, if only by a member more.
   */
  storedHash?: string | undefined;
  /** `lastModified` of the copy as the last write answered it. */
  targetModified?: string | undefined;
  /** The overrides that were applied, a list of operations for each; left out where they take too much room. */
  overrides?: Patches | undefined;
  /** The overrides are the sync's, not a clone's: when the sync has none any more, they are gone. */
  syncOverrides?: boolean | undefined;
  /** The copy holds changes of the tenant's own, which a sync kept: it is not what was applied, and never was. */
  edited?: boolean | undefined;
  /** Conflicts that were settled for the target, as a merge remembers them. */
  disputed?: Disputed | undefined;
  /** The sync that keeps this copy in step, and so may prune it. */
  sync?: string | undefined;
  /**
   * The copy's source is gone: the sync has disabled it, or found it changed and left it to the tenant for good.
   */
  pruned?: 'disabled' | 'kept' | undefined;
  /** When, ISO 8601. */
  at: string;
}

/** A row together with the normalised document last applied, in the target's ids. */
export interface Outcome extends LedgerRow {
  /** Left out where it did not change since the last outcome of this object. */
  applied?: JsonObject | undefined;
}

/** A create that is about to be sent. */
export interface Intent {
  sourceId: string;
  type: ResourceType;
}

/** Creates that were intended together: durable before the first of their POSTs. */
export interface IntentBatch {
  cloneId: string;
  epoch: number;
  intents: readonly Intent[];
  /** integrator.io's time (ms) when the batch was written: no object of it is older. */
  serverTime: number;
}

/** The right to write one pair's objects, held by one clone until it expires. */
export interface Lease {
  pair: Pair;
  cloneId: string;
  /** Grows with every holder; part of every intent's key. */
  epoch: number;
  /**
   * The clone held it before and never gave it back: whoever did may be alive, and learns of its loss only when it
   * renews the lease.
   */
  readonly inherited: boolean;
  /** Milliseconds of validity left, by the monotonic clock since the last renewal. */
  remainingMs(): number;
  /** Milliseconds since it was taken or renewed, by the monotonic clock. */
  sinceRenewalMs(): number;
  /** Throws `lease_lost` when another clone, or a later worker of the same, has taken it. */
  renew(): Promise<void>;
  release(): Promise<void>;
}

export interface Ledger {
  /** The newest row of each source id that has one. Rows are looked up by id, never by scanning the pair. */
  rows(pair: Pair, sourceIds: readonly string[]): Promise<Map<string, LedgerRow>>;
  /** All rows of a pair, in pages, in no order. */
  allRows(pair: Pair): AsyncIterable<readonly LedgerRow[]>;
  /** Documents last applied, by source id. */
  applied(pair: Pair, sourceIds: readonly string[]): Promise<Map<string, JsonObject>>;
  /** Which of these target ids any row of any pair into this target owns. */
  owned(pair: Pair, targetIds: readonly string[]): Promise<Set<string>>;
  /** Pairs that hold rows into this target account (its key), or out of it. */
  pairsOf(accountKey: string): Promise<Pair[]>;
  /**
   * Takes the lease of a pair. A clone that takes it anew goes on with a higher epoch: at once where it was given
   * back, else only after it was seen not to be renewed for a while, for then nobody works under it any more.
   * Throws `clone_in_progress` (with the holder's id in `problems`) while another clone holds it, or another worker
   * of the same.
   */
  acquire(pair: Pair, cloneId: string): Promise<Lease>;
  /** Durable once this resolves. */
  intend(lease: Lease, batch: IntentBatch): Promise<void>;
  /** All intent batches of a clone, oldest first. */
  intents(pair: Pair, cloneId: string): Promise<IntentBatch[]>;
  record(lease: Lease, outcomes: readonly Outcome[]): Promise<void>;
  /** Forgets copies: after they were deleted from the target. */
  forget(lease: Lease, rows: readonly { sourceId: string; targetId: string }[]): Promise<void>;
}

// ---------------------------------------------------------------- clones

/** What is stored of a clone besides its parts: one small item, replaced as a whole. */
export interface CloneRecord {
  cloneId: string;
  /** Which API key asked for it; only keys that may use both accounts see it. */
  keyId?: string | undefined;
  request: CloneRequest;
  status: CloneStatus;
  /** Counts executions: each resume is a new attempt with a new execution name. */
  attempt: number;
  /** The state without actions, idMap and flows. */
  state: CloneState;
  createdAt: string;
  endedAt?: string | undefined;
  /** Asked for from outside while it runs. */
  wish?: 'cancel' | 'rollback' | undefined;
  /** When its worker last said it was alive (ISO 8601), for the sweeper. */
  heartbeatAt?: string | undefined;
  /** Where the clone came from, when not from a request: a hook's delivery or a sync's run. */
  origin?: { kind: 'webhook' | 'sync' | 'offboarding'; name: string; runId?: string | undefined } | undefined;
  /** For a clone of a sync's run: copies are merged, not overwritten, and what is gone is pruned. */
  order?: SyncOrder | undefined;
  /** What a host wants to remember with it: small, no secrets. */
  notes?: JsonObject | undefined;
}

/** What happened to one action: appended while a clone runs, read to tell its progress. */
export interface ActionEvent {
  index: number;
  status: ActionReport['status'];
  targetId?: string | undefined;
}

export interface CloneStore {
  /** Throws `clone_exists` when the id is taken. */
  create(record: CloneRecord): Promise<void>;
  get(cloneId: string): Promise<CloneRecord | undefined>;
  /**
   * Replaces the record; a wish that came in meanwhile is kept. All that belongs to an ended clone expires with it.
   * Throws `superseded` where the stored record is of a later attempt, and `clone_not_found`.
   */
  save(record: CloneRecord): Promise<void>;
  /** Saves a record that has ended, and nothing else: whoever waits for it need not wait for `retire`, which must follow. */
  end(record: CloneRecord): Promise<void>;
  /** Lets all that belongs to an ended clone expire with it; nothing where it has not ended. Can be done again. */
  retire(cloneId: string): Promise<void>;
  /** Sets the wish without touching anything else. `false` when there is no such clone. */
  wish(cloneId: string, wish: 'cancel' | 'rollback' | undefined): Promise<boolean>;
  /** Deletes a clone and all its parts, as if it had never been. */
  remove(cloneId: string): Promise<void>;
  /** Newest first, by target account name. */
  listByTarget(
    target: string,
    page: { limit: number; cursor?: string | undefined },
  ): Promise<{ records: CloneRecord[]; next: string | null }>;
  /** Clones whose status is `running` or `waiting`. */
  listUnfinished(): Promise<CloneRecord[]>;
  /**
   * Large values of a clone (plan, before-images, report), stored compressed and in parts where an item can't hold
   * them: never cut. Putting the same name again replaces it.
   */
  putPart(cloneId: string, name: string, value: unknown): Promise<void>;
  getPart<T>(cloneId: string, name: string): Promise<T | undefined>;
  appendEvents(
    cloneId: string,
    attempt: number,
    sequence: number,
    events: readonly ActionEvent[],
  ): Promise<void>;
  /** All events in the order they were appended. */
  events(cloneId: string): Promise<ActionEvent[]>;
}

// ---------------------------------------------------------------- the rest of the world

export interface Clock {
  /** Wall time, ms since the epoch. */
  now(): number;
  /** Monotonic time, ms. */
  monotonic(): number;
  /** Rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** One structured line; fields never hold documents or secrets. */
export interface Log {
  info(message: string, fields?: JsonObject): void;
  warn(message: string, fields?: JsonObject): void;
  error(message: string, fields?: JsonObject): void;
}

export interface OpenOptions {
  /** How much of the account's rate limit may be used, above 0 and up to 1. */
  rateShare: number;
  /** How long a call that fails may be repeated, ms; left out: as long as work needs that nobody waits for. */
  patienceMs?: number | undefined;
}

/** Opens accounts by our names for them. */
export interface AccountDirectory {
  /**
   * The account, with its own share of the bucket. Throws `account_not_found` for an unknown name.
   * Accounts of equal name share one gate, and so one model of the bucket, within a process.
   */
  open(name: string, options: OpenOptions): Promise<Account>;
}

/** Binds an idempotency key to the one clone it stands for. */
export interface IdempotencyStore {
  /**
   * Binds `key` of `keyId` to `cloneId` unless it is bound already; in that case the binding that exists is
   * answered, and `bodyHash` tells whether the caller sent the same body then. Safe under simultaneous calls.
   */
  bind(binding: {
    keyId: string;
    key: string;
    bodyHash: string;
    cloneId: string;
    /** Seconds it is kept. */
    ttlSeconds: number;
  }): Promise<{ bound: boolean; cloneId: string; bodyHash: string }>;
  /** Takes a binding back, if it is still to this clone. */
  release(binding: { keyId: string; key: string; cloneId: string }): Promise<void>;
}

/** Remembers which integrator.io account each of our names stood for when it was first written to. */
export interface BindingStore {
  /** The identity key bound to this name, if any. */
  boundTo(account: string): Promise<string | undefined>;
  bind(account: string, accountKey: string): Promise<void>;
}

/** Starts the worker that carries a clone on: on AWS a durable execution, named after clone and attempt. */
export interface WorkerStarter {
  start(cloneId: string, attempt: number): Promise<void>;
}
