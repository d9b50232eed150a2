import { outerCode } from '../../core/model/problem.ts';

/** What a caller is told by status and title for each code of the contract. */
export const PROBLEMS = {
  malformed_json: [400, 'The body is not JSON'],
  unauthorized: [401, 'No key, or an unknown one'],
  invalid_signature: [401, 'The delivery is not signed as it must be'],
  admin_required: [403, 'The key does not administer the service'],
  account_forbidden: [403, 'The key may not use this account'],
  account_not_found: [404, 'No such account'],
  clone_not_found: [404, 'No such clone'],
  hook_not_found: [404, 'No such hook'],
  sync_not_found: [404, 'No such sync'],
  run_not_found: [404, 'No such run'],
  route_not_found: [404, 'No such route'],
  idempotency_key_reused: [409, 'The idempotency key stands for another request'],
  plan_changed: [409, 'The plan is not the one that was shown'],
  clone_in_progress: [409, 'Another clone is writing the same objects'],
  clone_not_resumable: [409, 'The clone can not go on'],
  clone_not_undoable: [409, 'The clone can not be undone'],
  account_changed: [409, 'The account is not the one it was'],
  body_too_large: [413, 'The body is too large'],
  unsupported_media_type: [415, 'The body must be application/json'],
  invalid_request: [422, 'The request is wrong'],
  plan_blocked: [422, 'The plan can not be carried out'],
  account_unauthorized: [424, "integrator.io refused the account's token"],
  throttled: [429, 'Too many requests'],
  internal_error: [500, 'Something went wrong on our side'],
  upstream_failed: [502, 'integrator.io failed'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Codes of the core that only stand among a problem's errors: what integrator.io holds is at fault. */
const UPSTREAM: ReadonlySet<string> = new Set(['document_too_deep']);

/** The code a caller is told for one that was thrown; `internal_error` for one that means nothing outside. */
export function publicCode(code: string): ProblemCode {
  const outer = UPSTREAM.has(code) ? 'upstream_failed' : outerCode(code);
  return Object.hasOwn(PROBLEMS, outer) ? (outer as ProblemCode) : 'internal_error';
}

export function statusOf(code: ProblemCode): number {
  return PROBLEMS[code][0];
}

export function titleOf(code: ProblemCode): string {
  return PROBLEMS[code][1];
}
