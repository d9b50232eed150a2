import type { CloneState, Stage } from '../model/clone.ts';
import { codeOf, FlowferryError, type Problem } from '../model/problem.ts';
import type { CloneRequest } from '../model/request.ts';
import type { CloneRecord } from '../ports.ts';

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

/** What an error comes to in a clone's `errors`: its own problems, or itself. */
export function problemsOf(error: unknown): Problem[] {
  if (error instanceof FlowferryError && error.problems.length > 0) return [...error.problems];
  const message = error instanceof Error ? error.message : String(error);
  return [{ code: codeOf(error), message }];
}
