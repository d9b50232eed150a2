import type { CloneState, Stage } from '../model/clone.ts';
import { codeOf, FlowferryError, outerCode, type Problem } from '../model/problem.ts';
import type { CloneRequest } from '../model/request.ts';
import type { CloneRecord } from '../ports.ts';
import { RefusedError } from './errors.ts';

/** A state in which nothing has happened yet. */
export function emptyState(request: CloneRequest, status: CloneState['status'], stage: Stage): CloneState {
  return {
    status,
    source: { account: request.source.account },
    target: { account: request.target.account },
    warnings: [],
    errors: [],
    progress: { stage, done: 0, pending: 0 },
    pendingAuthorizations: [],
    stats: { apiCalls: { source: 0, target: 0 }, retries: 0, rateLimited: 0, durationMs: 0 },
  };
}

/** The record of a clone that is about to start. */
export function newCloneRecord(input: {
  cloneId: string;
  keyId: string;
  request: CloneRequest;
  createdAt: string;
}): CloneRecord {
  const { cloneId, keyId, request, createdAt } = input;
  const state = emptyState(request, 'running', 'reading');
  return {
    cloneId,
    keyId,
    request,
    status: 'running',
    attempt: 1,
    state: { cloneId, ...state, createdAt },
    createdAt,
  };
}

/**
 * What an error comes to in a clone's `errors`. Its own problems stand for it where they tell its code, as a refusal's
 * blockers do. What integrator.io says in words of its own comes after the error itself, under the code that callers
 * know, and both name the same resource.
 */
export function problemsOf(error: unknown): Problem[] {
  const code = outerCode(codeOf(error));
  const message = error instanceof Error ? error.message : String(error);
  const told = error instanceof FlowferryError ? error.problems : [];
  if (told.length > 0 && (error instanceof RefusedError || told.some((problem) => problem.code === code))) {
    return [...told];
  }
  const { type, sourceId } = told[0] ?? {};
  const resource = { ...(type && { type }), ...(sourceId && { sourceId }) };
  return [{ code, message, ...resource }, ...told.filter((problem) => problem.message !== message)];
}
