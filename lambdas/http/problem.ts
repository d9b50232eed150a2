import type { CloneState, PlanSummary } from '../../core/model/clone.ts';
import { codeOf, FlowferryError, type Problem } from '../../core/model/problem.ts';
import type { ResourceType } from '../../core/model/resource.ts';
import { type ProblemCode, publicCode, statusOf, titleOf } from './codes.ts';

/** One entry of a problem document's `errors`. */
export type ProblemEntry = Problem & {
  /** The type of the resource that `sourceId` names and `path` points into. */
  resource?: ResourceType | undefined;
};

/** A problem document: RFC 9457, with the extension members `code`, `errors`, `plan` and `clone`. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: ProblemCode;
  errors: ProblemEntry[];
  /** With `plan_changed`: the plan as it is now. */
  plan?: PlanSummary | undefined;
  /** With a clone that failed: what was done and undone. */
  clone?: CloneState | undefined;
}

/** Thrown by the HTTP layer itself: a problem that is known in full where it is found. */
export class ProblemError extends FlowferryError {
  override readonly name = 'ProblemError';
  readonly problem: ProblemCode;
  readonly clone: CloneState | undefined;
  readonly plan: PlanSummary | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    message: string,
    options: {
      problems?: readonly Problem[];
      clone?: CloneState | undefined;
      plan?: PlanSummary | undefined;
      headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(code, message, { problems: options.problems ?? [] });
    this.problem = code;
    this.clone = options.clone;
    this.plan = options.plan;
    this.headers = options.headers ?? {};
  }

  /** The same problem, answered with these headers as well. */
  withHeaders(headers: Readonly<Record<string, string>>): ProblemError {
    const { message, problems, clone, plan } = this;
    return new ProblemError(this.problem, message, {
      problems,
      clone,
      plan,
      headers: { ...this.headers, ...headers },
    });
  }
}

/**
 * What a caller is told about an error. Only errors thrown on purpose speak for themselves: of any other, neither
 * message nor cause leaves the service, for nobody has looked at what they hold.
 */
export function problemDocument(error: unknown, requestId: string): ProblemDocument {
  const code = publicCode(codeOf(error));
  const known = code !== 'internal_error' && error instanceof Error ? error : undefined;
  const detail = known?.message ?? 'The request failed for a reason that was logged under its request id.';
  const listed = known !== undefined && 'problems' in known ? (known.problems as readonly Problem[]) : [];
  const clone = error instanceof ProblemError ? error.clone : undefined;
  const plan = error instanceof ProblemError ? error.plan : planOf(error, code);
  return {
    type: `urn:flowferry:problem:${code}`,
    title: titleOf(code),
    status: statusOf(code),
    detail,
    instance:
      clone?.cloneId === undefined ? `urn:flowferry:request:${requestId}` : `/clones/${clone.cloneId}`,
    code,
    errors: entriesOf(code, detail, listed),
    ...(plan === undefined ? {} : { plan }),
    ...(clone === undefined ? {} : { clone }),
  };
}

/**
 * Blockers stand for themselves; wherever else no entry carries the problem's own code, one is put first, so that
 * a caller who reads only `errors` finds it.
 */
function entriesOf(code: ProblemCode, detail: string, listed: readonly Problem[]): ProblemEntry[] {
  const entries = listed.map(withResource);
  if (listed.length > 0 && (code === 'plan_blocked' || listed.some((problem) => problem.code === code))) {
    return entries;
  }
  return [{ code, message: detail }, ...entries];
}

function withResource(problem: Problem): ProblemEntry {
  return problem.type === undefined ? { ...problem } : { ...problem, resource: problem.type };
}

/** The engine's `plan_changed` may carry the state of the plan as it is now. */
function planOf(error: unknown, code: ProblemCode): PlanSummary | undefined {
  if (code !== 'plan_changed' || typeof error !== 'object' || error === null || !('state' in error))
    return undefined;
  return (error.state as CloneState | undefined)?.plan;
}
