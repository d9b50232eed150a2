import type { ResourceType } from './resource.ts';

/**
 * Why a plan can't be carried out, or a request can't be served. The codes are part of the HTTP contract:
 * callers branch on them.
 */
export type BlockerCode =
  | 'flow_not_found'
  | 'integration_not_found'
  | 'connection_unmapped'
  | 'target_not_found'
  | 'connection_type_mismatch'
  | 'managed_resource'
  | 'unsupported_type'
  | 'unresolved_reference'
  | 'ambiguous_match'
  | 'already_exists'
  | 'override_failed'
  | 'nothing_to_run';

/** What besides keeps a sync from bringing one target in step: not part of what `POST /clone` answers. */
export type SyncBlockerCode = 'sync_conflict' | 'prune_limit';

/** One thing that is wrong, at the place where it is wrong. */
export interface Problem {
  code: string;
  message: string;
  type?: ResourceType | undefined;
  sourceId?: string | undefined;
  /** JSON Pointer into the request, or into the resource that `type` and `sourceId` name. */
  path?: string | undefined;
  /** What could be mapped instead: ids and names of the target. */
  candidates?: { id: string; name: string }[] | undefined;
}

/** A problem that keeps a plan from being carried out. */
export interface Blocker extends Problem {
  code: BlockerCode | SyncBlockerCode;
}

/** Something the caller should know, that stops nothing. */
export interface Warning extends Problem {
  /** In a script: the line of `content`, counted from 1. */
  line?: number | undefined;
}

/** Codes of our own trouble: what was under way is neither done nor failed, and goes on elsewhere or later. */
const OWN_TROUBLE: ReadonlySet<string> = new Set(['superseded', 'lease_lost', 'storage_unavailable']);

/** Whether an error is our own trouble, such as a lost lease, and says nothing of what was asked for. */
export function isOwnTrouble(error: unknown): boolean {
  return OWN_TROUBLE.has(codeOf(error));
}

/** What codes of calls to integrator.io come to for whoever asked for a clone, and not for the call. */
const OUTER_CODES: Readonly<Record<string, string>> = {
  answer_lost: 'upstream_failed',
  refused: 'upstream_failed',
  not_found: 'upstream_failed',
  invalid_account: 'account_unauthorized',
};

/** The code that the contract has for an error: its own for all but those of single calls. */
export function outerCode(code: string): string {
  return Object.hasOwn(OUTER_CODES, code) ? (OUTER_CODES[code] ?? code) : code;
}

/** An error with a stable code, the only kind the core throws on purpose. */
export class FlowferryError extends Error {
  override readonly name: string = 'FlowferryError';
  readonly code: string;
  readonly problems: readonly Problem[];

  constructor(
    code: string,
    message: string,
    options: { problems?: readonly Problem[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.problems = options.problems ?? [];
  }
}

/** The code of any thrown value; `internal_error` for one that has none. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'internal_error';
}
