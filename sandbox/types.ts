import type { BucketOptions } from './bucket.ts';
import type { Collection, Document } from './documents.ts';

/** What an account starts with. */
export interface SandboxAccount {
  /** How tests and the journal call it; integrator.io itself knows no such name. */
  name: string;
  /** The API token that reaches it. */
  token: string;
  /** The `_userId` of `/v1/tokenInfo`. */
  userId: string;
  region?: 'us' | 'eu' | undefined;
  documents?: Partial<Record<Collection, Document[]>> | undefined;
}

/** How a job ends. What is left out is: completed, three records, no errors. */
export interface JobOutcome {
  status?: 'completed' | 'failed' | undefined;
  numSuccess?: number | undefined;
  numError?: number | undefined;
  numIgnore?: number | undefined;
}

/** One call as the journal holds it. */
export interface Call {
  /** Counts up from 1, over all accounts. */
  number: number;
  /** The account's name, or '' when the token was unknown. */
  account: string;
  method: string;
  /** Without the query. */
  path: string;
  query: string;
  /** What was answered; 0 while the call is open or when the connection was dropped. */
  status: number;
  /** When it came in, in milliseconds of a clock that never goes back. */
  at: number;
}

/** What the caller of `onCall` may ask for: that the connection is dropped here. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook that returns nothing is the usual case
export type CallVerdict = void | 'drop';

/** Something that goes wrong on purpose. */
export interface Fault {
  /** Only calls of this account, by name. */
  account?: string | undefined;
  method?: string | undefined;
  /** Only calls whose path (without query) matches. */
  path?: RegExp | undefined;
  /** Only the n-th matching call, from 1. */
  nth?: number | undefined;
  /** Each k-th matching call. */
  every?: number | undefined;
  /** Every matching call; so it is too when neither `nth` nor `every` is given. */
  always?: boolean | undefined;
  /** How often it may happen at most. */
  count?: number | undefined;
  /**
   * - `status`: answers with `status`, `code`, `message` and `headers`, the work not done
   * - `status-after`: the same, but the work is done
   * - `drop-before`: the connection is destroyed, the work not done
   * - `drop-after`: the work is done, the connection destroyed before the answer
   * - `delay`: the answer comes `ms` later
   * - `late`: the connection is destroyed now, the work done `ms` later
   */
  effect: 'status' | 'status-after' | 'drop-before' | 'drop-after' | 'delay' | 'late';
  status?: number | undefined;
  code?: string | undefined;
  message?: string | undefined;
  headers?: Record<string, string> | undefined;
  ms?: number | undefined;
}

/** Options of `startSandbox`. An option it doesn't know is an error. */
export interface SandboxOptions {
  /** 0: any free port, which is the default. */
  port?: number | undefined;
  /** The address to listen on, 127.0.0.1 unless told. */
  host?: string | undefined;
  /** Every answer is held back that long, in milliseconds. Default 0. */
  latencyMs?: number | undefined;
  /** The rate limit of each account. Default: 1,000 calls and 300 a second. */
  bucket?: BucketOptions | 'unlimited' | undefined;
  /** How many documents a list page holds when the caller names no limit. Default 100. */
  pageSize?: number | undefined;
  /** Default: the accounts `blueprint` and `acme`. */
  accounts?: SandboxAccount[] | undefined;
  /** How long a job is queued, and after that how long it runs, in milliseconds. Default 50. */
  jobMs?: number | undefined;
  /** Decides how the job of a flow ends. */
  jobOutcome?: ((flow: Document, account: string) => JobOutcome) | undefined;
  /**
   * Called for every call that the rate limit let through, before its work and after it (then before the
   * answer). The call waits for the promise. `'drop'` destroys the connection there.
   */
  onCall?: ((call: Call, phase: 'before' | 'after') => CallVerdict | Promise<CallVerdict>) | undefined;
  /** How many calls the journal keeps; the oldest go first. Default 200,000. */
  journalSize?: number | undefined;
  /** iClients of integrator.io itself: may be named by any account's connections, listed in none. */
  globalIClientIds?: string[] | undefined;
}

/** What an account was asked so far. */
export interface AccountStats {
  calls: number;
  rateLimited: number;
  byMethod: Record<string, number>;
  byStatus: Record<string, number>;
}

/** A running sandbox. Names of accounts and collections that it doesn't know are a TypeError. */
export interface Sandbox {
  /** `http://host:port` */
  url: string;
  accounts(): { name: string; token: string; userId: string }[];
  /** Copies of what is stored, secrets readable. Without a collection: of all collections. */
  documents(account: string, collection?: string): Document[];
  /** Puts documents in as they are: ids kept, nothing checked, nothing stamped. */
  load(account: string, documents: Partial<Record<Collection, Document[]>>): void;
  /** The journal, oldest first. */
  calls(account?: string): Call[];
  /** Empties the journal and sets the figures of `stats` to zero. */
  resetCalls(): void;
  stats(account: string): AccountStats;
  faults: { add(fault: Fault): void; clear(): void };
  /** What a person's edit in the user interface does: changes the stored document and its `lastModified`. */
  edit(account: string, collection: string, id: string, change: (document: Document) => void): void;
  /** What a person's deletion in the user interface does. */
  remove(account: string, collection: string, id: string): void;
  /** From now on the account's token is refused; a new one may be put in its place. */
  revokeToken(account: string, replacement?: string): void;
  close(): Promise<void>;
}
