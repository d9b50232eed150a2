import type { ProblemCode } from './codes.ts';
import type * as schemas from './schemas.ts';

/** What the OpenAPI document says of one route besides its path. */
export interface Operation {
  id: string;
  summary: string;
  /** `true`: no key is needed. */
  open?: boolean;
  query?: readonly ('limit' | 'cursor' | 'target')[];
  headers?: readonly ('Idempotency-Key' | 'Prefer')[];
  /** `true`: it takes the body of a clone request. */
  body?: boolean;
  /** What each success means, by status, and the schema it is answered in. */
  answers: Readonly<Record<number, { says: string; schema: keyof typeof schemas }>>;
  problems: readonly ProblemCode[];
}

/** Every route's check, and what any of them may come to. */
const KEYED = ['unauthorized', 'throttled', 'internal_error'] as const;
const ONE_CLONE = ['clone_not_found', ...KEYED] as const;

/** By route key. A test holds this table and the table of routes together. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'POST /clone': {
    id: 'clone',
    summary: 'Clone flows from one account into another, and optionally run them',
    headers: ['Idempotency-Key', 'Prefer'],
    body: true,
    answers: {
      200: { says: 'The plan of a dry run', schema: 'cloneState' },
      201: { says: 'The clone, finished', schema: 'cloneState' },
      202: { says: 'The clone, still on its way: poll its Location', schema: 'cloneState' },
    },
    problems: [
      'unsupported_media_type',
      'body_too_large',
      'malformed_json',
      'invalid_request',
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
    query: ['target', 'limit', 'cursor'],
    answers: { 200: { says: 'A page of clones', schema: 'clonesPage' } },
    problems: ['invalid_request', 'account_forbidden', ...KEYED],
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
    query: ['limit', 'cursor'],
    answers: { 200: { says: 'A page of actions', schema: 'actionsPage' } },
    problems: ['invalid_request', ...ONE_CLONE],
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
    query: ['limit', 'cursor'],
    answers: { 200: { says: 'A page of flows', schema: 'flowsPage' } },
    problems: [
      'invalid_request',
      'account_forbidden',
      'account_not_found',
      'account_unauthorized',
      'upstream_failed',
      ...KEYED,
    ],
  },
  'GET /health': {
    id: 'health',
    summary: 'Whether the service answers',
    open: true,
    answers: { 200: { says: 'It does', schema: 'health' } },
    problems: ['throttled', 'internal_error'],
  },
  'GET /openapi.json': {
    id: 'openApi',
    summary: 'This document',
    open: true,
    answers: { 200: { says: 'OpenAPI 3.1', schema: 'openApi' } },
    problems: ['throttled', 'internal_error'],
  },
};
