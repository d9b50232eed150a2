import { FlowferryError, type Problem } from '../../core/model/problem.ts';

/**
 * - `account_unauthorized`: the token was refused (401), also after it was fetched again
 * - `not_found`: 404
 * - `refused`: refused for good; the same call would be refused again
 * - `upstream_failed`: integrator.io failed, or could not be reached, beyond the retries
 * - `answer_lost`: the call may or may not have happened, and repeating it could do its work twice
 */
export type IntegratorErrorCode =
  | 'account_unauthorized'
  | 'not_found'
  | 'refused'
  | 'upstream_failed'
  | 'answer_lost';

/** One entry of an error answer, whatever shape it came in. */
export interface UpstreamError {
  code: string;
  message: string;
  /** Where in the document, as integrator.io writes it: `pageGenerators[0]._exportId`. */
  field?: string;
}

export interface IntegratorErrorDetails {
  code: IntegratorErrorCode;
  /** Our name for the account; none where the client was given none. */
  account?: string | undefined;
  method: string;
  /** Without the query. */
  path: string;
  /** The last status answered; none where no answer came. */
  status?: number | undefined;
  errors?: readonly UpstreamError[] | undefined;
  requestId?: string | undefined;
  /** In place of an answer: why there was none. */
  reason?: string | undefined;
}

const HEADLINES: Record<IntegratorErrorCode, string> = {
  account_unauthorized: 'integrator.io refused the token at',
  not_found: 'integrator.io does not know',
  refused: 'integrator.io refused',
  upstream_failed: 'integrator.io failed, beyond the retries, at',
  answer_lost: 'the answer was lost, so that it may or may not have happened:',
};

/**
 * The one error of calls to integrator.io. It never holds a request, a response, headers or another error, so
 * that no token can travel in it.
 */
export class IntegratorError extends FlowferryError {
  override readonly name = 'IntegratorError';
  declare readonly code: IntegratorErrorCode;
  readonly method: string;
  readonly path: string;
  readonly status: number | undefined;
  readonly errors: readonly UpstreamError[];
  /** The fields integrator.io complained about. */
  readonly fields: readonly string[];
  readonly requestId: string | undefined;

  constructor(details: IntegratorErrorDetails) {
    const errors = details.errors ?? [];
    super(details.code, messageOf(details), {
      problems: errors.filter((error) => tellsMore(error, details.status)).map(toProblem),
    });
    this.method = details.method;
    this.path = details.path;
    this.status = details.status;
    this.errors = errors;
    this.fields = errors.flatMap((error) => (error.field === undefined ? [] : [error.field]));
    this.requestId = details.requestId;
  }
}

function messageOf(details: IntegratorErrorDetails): string {
  const where = details.account === undefined ? '' : ` in the account "${details.account}"`;
  const answered = details.status === undefined ? '' : ` (${details.status})`;
  const listed = (details.errors ?? [])
    .map(({ code, message, field }) => `${code}: ${message}${field === undefined ? '' : ` [${field}]`}`)
    .join('; ');
  const why = [details.reason, listed].filter(Boolean).join('; ');
  return `${HEADLINES[details.code]} ${details.method} ${details.path}${where}${answered}${why === '' ? '' : `: ${why}`}`;
}

/** Text without a code or a place of its own stands in the error's message already. */
function tellsMore({ code, field }: UpstreamError, status: number | undefined): boolean {
  return field !== undefined || code !== `http_${status}`;
}

function toProblem({ code, message, field }: UpstreamError): Problem {
  return field === undefined ? { code, message } : { code, message, path: pointerOf(field) };
}

/** `pageGenerators[0]._exportId` as a JSON Pointer (RFC 6901): `/pageGenerators/0/_exportId`. */
export function pointerOf(field: string): string {
  return field
    .replaceAll(/\[(\w+)\]/g, '.$1')
    .split('.')
    .filter((segment) => segment !== '')
    .map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}
