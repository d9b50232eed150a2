import { FlowferryError } from '../../core/model/problem.ts';
import type { ProblemDocument } from '../output/state.ts';

/** One call of the service's HTTP interface. */
export interface ServiceCall {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Without the query, every segment encoded. */
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: unknown;
  /** Names in lower case. */
  headers?: Readonly<Record<string, string>>;
}

/** What came back, as it was written. */
export interface Answer {
  status: number;
  text: string;
}

/**
 * The service as commands see it: deployed somewhere, or carried out within this process by the very same handlers.
 */
export interface Service {
  call(call: ServiceCall): Promise<Answer>;
  /** Ends what goes on within this process. A clone that is cut short can be resumed. */
  close(): Promise<void>;
}

/** The service answered with a problem. */
export class ProblemAnswer extends FlowferryError {
  override readonly name = 'ProblemAnswer';
  readonly problem: ProblemDocument;

  constructor(problem: ProblemDocument) {
    super(problem.code, problem.detail, { problems: problem.errors });
    this.problem = problem;
  }
}

/** The body of an answer that is no error; throws `ProblemAnswer` for one that is. */
export function bodyOf<T>(answer: Answer): T {
  const body = parsed(answer);
  if (answer.status < 400) return body as T;
  throw new ProblemAnswer(asProblem(answer.status, body));
}

function parsed({ status, text }: Answer): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    // A gateway or a proxy on the way may answer in its own way.
    if (status >= 400) return undefined;
    throw new FlowferryError(
      'unexpected_answer',
      `The service answered ${status} with something that is no JSON.`,
    );
  }
}

/**
 * A problem as it was answered. Errors that a gateway or a proxy writes itself are no problem documents, and have a
 * message at best: what they lack is filled in.
 */
function asProblem(status: number, body: unknown): ProblemDocument {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  const object = isObject ? (body as Record<string, unknown>) : {};
  const text = (name: string): string | undefined =>
    typeof object[name] === 'string' ? object[name] : undefined;
  const code = text('code') ?? `http_${status}`;
  const detail = text('detail') ?? text('message') ?? text('Message') ?? 'The service gave no reason.';
  return {
    ...object,
    type: text('type') ?? `urn:flowferry:problem:${code}`,
    title: text('title') ?? 'Error',
    status,
    detail,
    code,
    errors: Array.isArray(object['errors'])
      ? (object['errors'] as ProblemDocument['errors'])
      : [{ code, message: detail }],
  };
}
