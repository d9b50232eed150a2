import type { ProblemCode } from './codes.ts';
import type * as schemas from './schemas.ts';

/** Bodies that are described as components. `anyObject`: what it holds is its sender's business. */
export type BodySchema = 'cloneRequest' | 'accountInput' | 'anyObject' | 'syncDefinition' | 'runRequest';

/** What the OpenAPI document says of one route besides its path. */
export interface Operation {
  id: string;
  summary: string;
  /** `true`: no key is needed. */
  open?: boolean;
  headers?: readonly ('Idempotency-Key' | 'Prefer')[];
  /** The schema of the body it takes. */
  body?: BodySchema;
  /** `true`: the body may be left out. */
  bodyOptional?: boolean;
  /** What each success means, by status, and the schema it is answered in; without one it has no body. */
  answers: Readonly<Record<number, { says: string; schema?: keyof typeof schemas }>>;
  problems: readonly ProblemCode[];
}

/** What any route may come to: each refuses parameters of the query that it does not know. */
const ANY = ['invalid_request', 'throttled', 'internal_error'] as const;
/** What any route that asks for a key may come to. */
const KEYED = ['unauthorized', ...ANY] as const;
const ONE_CLONE = ['clone_not_found', ...KEYED] as const;
/** What every route that changes accounts may come to. */
const ADMIN = ['admin_required', 'account_forbidden', ...KEYED] as const;

/** By route key. A test holds this table and the table of routes together. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'POST /clone': {
    id: 'clone',
    summary: 'Clone flows from one account into another, and optionally run them',
    headers: ['Idempotency-Key', 'Prefer'],
    body: 'cloneRequest',
    answers: {
      200: { says: 'The plan of a dry run', schema: 'cloneState' },
      201: { says: 'The clone, finished', schema: 'cloneState' },
      202: { says: 'The clone, still on its way: poll its Location', schema: 'cloneState' },
    },
    problems: [
      'unsupported_media_type',
      'body_too_large',
      'malformed_json',
      'account_forbidden',
      'account_not_found',
      'idempotency_key_reused',
      'plan_blocked',
      'plan_changed',
      'clone_in_progress',
      'account_changed',
      'account_unauthorized',
      'upstream_failed',
      ...KEYED,
    ],
  },
  'GET /clones': {
    id: 'listClones',
    summary: 'The clones into one account, newest first, without their actions',
    answers: { 200: { says: 'A page of clones', schema: 'clonesPage' } },
    problems: ['account_forbidden', ...KEYED],
  },
  'GET /clones/{cloneId}': {
    id: 'getClone',
    summary: "A clone's state and progress",
    answers: { 200: { says: 'Its state', schema: 'cloneState' } },
    problems: ONE_CLONE,
  },
  'GET /clones/{cloneId}/actions': {
    id: 'listActions',
    summary: 'All actions of a clone, in pages of at most 1,000',
    answers: { 200: { says: 'A page of actions', schema: 'actionsPage' } },
    problems: ONE_CLONE,
  },
  'POST /clones/{cloneId}/resume': {
    id: 'resumeClone',
    summary: 'Go on with a clone that failed, waits or stands still',
    answers: { 202: { says: 'On its way again', schema: 'cloneState' } },
    problems: ['clone_not_resumable', ...ONE_CLONE],
  },
  'POST /clones/{cloneId}/cancel': {
    id: 'cancelClone',
    summary: 'Stop after the calls under way, then as onFailure says',
    answers: { 202: { says: 'It will stop; one that has ended is answered as it is', schema: 'cloneState' } },
    problems: ONE_CLONE,
  },
  'POST /clones/{cloneId}/rollback': {
    id: 'rollbackClone',
    summary: 'Undo what a clone did',
    answers: { 202: { says: 'Being undone', schema: 'cloneState' } },
    problems: ['clone_not_undoable', ...ONE_CLONE],
  },
  'GET /accounts': {
    id: 'listAccounts',
    summary: 'The accounts this key may use',
    answers: { 200: { says: 'The accounts', schema: 'accountsList' } },
    problems: KEYED,
  },
  'GET /accounts/{account}/flows': {
    id: 'listFlows',
    summary: "An account's flows, to choose from",
    answers: { 200: { says: 'A page of flows', schema: 'flowsPage' } },
    problems: ['account_forbidden', 'account_not_found', 'account_unauthorized', 'upstream_failed', ...KEYED],
  },
  'PUT /accounts/{account}': {
    id: 'putAccount',
    summary: 'Store an account, once integrator.io took its token',
    body: 'accountInput',
    answers: {
      200: { says: 'It was there, and has this token now', schema: 'accountState' },
      201: { says: 'It is new', schema: 'accountState' },
    },
    problems: [
      'malformed_json',
      ...ADMIN,
      'account_changed',
      'body_too_large',
      'unsupported_media_type',
      'account_unauthorized',
      'upstream_failed',
    ],
  },
  'DELETE /accounts/{account}': {
    id: 'deleteAccount',
    summary: 'Forget an account and its token, at once',
    answers: { 204: { says: 'It is gone, and its name free' } },
    problems: [...ADMIN, 'account_not_found'],
  },
  'POST /accounts/{account}/check': {
    id: 'checkAccount',
    summary: 'Whether integrator.io takes the token of an account now',
    answers: { 200: { says: 'Whether it does', schema: 'accountState' } },
    problems: [...ADMIN, 'account_not_found', 'upstream_failed'],
  },
  'DELETE /accounts/{account}/copies': {
    id: 'deleteCopies',
    summary: 'Remove all that the ledger says was made in an account, for one source or for all',
    answers: { 202: { says: 'Being removed: poll its Location', schema: 'cloneState' } },
    problems: [...ADMIN, 'account_not_found'],
  },
  'POST /webhooks/{hook}': {
    id: 'receive',
    summary: "A sender's signed event, which becomes a clone as the hook says",
    open: true,
    body: 'anyObject',
    answers: { 202: { says: 'Taken; the clone goes its own way', schema: 'delivery' } },
    problems: [
      'malformed_json',
      'invalid_signature',
      'account_forbidden',
      'hook_not_found',
      'body_too_large',
      ...ANY,
    ],
  },
  'PUT /syncs/{sync}': {
    id: 'putSync',
    summary: 'Store a sync: a source, the targets that are kept in step with it, and when',
    body: 'syncDefinition',
    answers: {
      200: { says: 'It was there, and is this one now', schema: 'syncState' },
      201: { says: 'It is new', schema: 'syncState' },
    },
    problems: ['malformed_json', ...ADMIN, 'account_not_found', 'body_too_large', 'unsupported_media_type'],
  },
  'GET /syncs/{sync}': {
    id: 'getSync',
    summary: 'A sync as it was put, with its last run',
    answers: { 200: { says: 'The sync', schema: 'syncState' } },
    problems: ['sync_not_found', ...KEYED],
  },
  'GET /syncs': {
    id: 'listSyncs',
    summary: 'The syncs whose accounts this key may use, by name',
    answers: { 200: { says: 'A page of syncs', schema: 'syncsPage' } },
    problems: KEYED,
  },
  'DELETE /syncs/{sync}': {
    id: 'deleteSync',
    summary: 'Forget a sync and its schedule; what it copied stays',
    answers: { 204: { says: 'It is gone' } },
    problems: [...ADMIN, 'sync_not_found'],
  },
  'POST /syncs/{sync}/run': {
    id: 'runSync',
    summary: 'Bring the targets of a sync in step now, or report what that would come to',
    body: 'runRequest',
    bodyOptional: true,
    answers: { 202: { says: 'On its way: poll its Location', schema: 'syncRunBegun' } },
    problems: ['malformed_json', 'sync_not_found', 'body_too_large', 'unsupported_media_type', ...KEYED],
  },
  'GET /syncs/{sync}/runs': {
    id: 'listRuns',
    summary: "A sync's runs, newest first, without the results of their targets",
    answers: { 200: { says: 'A page of runs', schema: 'syncRunsPage' } },
    problems: ['sync_not_found', ...KEYED],
  },
  'GET /syncs/{sync}/runs/{runId}': {
    id: 'getRun',
    summary: 'A run and what became of each of its targets',
    answers: { 200: { says: 'The run', schema: 'syncRun' } },
    problems: ['sync_not_found', 'run_not_found', ...KEYED],
  },
  'POST /syncs/{sync}/runs/{runId}/cancel': {
    id: 'cancelRun',
    summary: 'Stop a run: targets under way stop and are undone, the others are skipped',
    answers: { 202: { says: 'It will stop; one that has ended is answered as it is', schema: 'syncRun' } },
    problems: ['sync_not_found', 'run_not_found', ...KEYED],
  },
  'GET /health': {
    id: 'health',
    summary: 'Whether the service answers',
    open: true,
    answers: { 200: { says: 'It does', schema: 'health' } },
    problems: ANY,
  },
  'GET /openapi.json': {
    id: 'openApi',
    summary: 'This document',
    open: true,
    answers: { 200: { says: 'OpenAPI 3.1', schema: 'openApi' } },
    problems: ANY,
  },
};
