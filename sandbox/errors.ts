/** One entry of integrator.io's error envelope. */
export interface Problem {
  code: string;
  message: string;
  /** Where in the request, as integrator.io writes paths: `pageGenerators[0]._exportId`. */
  field?: string;
  /** The HTTP status this entry asks for; 422 when absent. It is not sent. */
  status?: number;
}

/** An answer that is an error: carries the status and the entries of the envelope. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly problems: readonly Problem[];

  constructor(status: number, problems: readonly Problem[]) {
    const first = problems[0];
    super(first?.message ?? `status ${status}`);
    this.name = 'ApiError';
    this.code = first?.code ?? 'unknown';
    this.status = status;
    this.problems = problems;
  }

  /** The body as it goes over the wire. */
  body(): { errors: { code: string; message: string; field?: string }[] } {
    return {
      errors: this.problems.map(({ code, message, field }) =>
        field === undefined ? { code, message } : { code, message, field },
      ),
    };
  }
}

/** An error with a single entry. */
export function fail(status: number, code: string, message: string, field?: string): ApiError {
  return new ApiError(status, [field === undefined ? { code, message } : { code, message, field }]);
}

/** 404: no such document, or no such path. */
export function notFound(what = 'Resource'): ApiError {
  return fail(404, 'resource_not_found', `${what} not found.`);
}

/**
 * Collects what is wrong with a document, so that one answer tells all of it.
 * A malformed `_integrationId` asks for 400, everything else for 422; one 400 makes the answer a 400.
 */
export class Problems {
  readonly #found: Problem[] = [];

  add(code: string, message: string, field?: string, status?: number): void {
    const problem: Problem = { code, message };
    if (field !== undefined) problem.field = field;
    if (status !== undefined) problem.status = status;
    this.#found.push(problem);
  }

  /** @throws {ApiError} when anything was added. */
  throwIfAny(): void {
    if (this.#found.length === 0) return;
    const status = this.#found.some((problem) => problem.status === 400) ? 400 : 422;
    throw new ApiError(status, this.#found);
  }
}

/** An option of the sandbox that makes no sense. */
export class OptionError extends Error {
  readonly code = 'invalid_option';

  constructor(option: string, expected: string) {
    super(`sandbox option ${option}: ${expected}`);
    this.name = 'OptionError';
  }
}
