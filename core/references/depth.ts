import { FlowferryError } from '../model/problem.ts';

/**
 * How many levels deep a document may be nested. The database behind integrator.io takes no more than 100, so
 * whatever is deeper is no document of integrator.io; the limit keeps a walk from exhausting the stack.
 */
export const MAX_DEPTH = 500;

/** Throws `document_too_deep` beyond `MAX_DEPTH`. */
export function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH) {
    const problem = {
      code: 'document_too_deep',
      message: `A document is nested deeper than ${MAX_DEPTH} levels.`,
    };
    throw new FlowferryError(problem.code, problem.message, { problems: [problem] });
  }
}
