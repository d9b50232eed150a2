import type { Middleware } from './call.ts';
import { errorFields } from './log.ts';
import { ProblemError, problemDocument } from './problem.ts';
import { problemReply } from './reply.ts';

/** Answers every error as a problem document. What nobody foresaw is logged, and told as `internal_error` only. */
export function problems(): Middleware {
  return {
    onError: (request) => {
      const { requestId, log } = request.context.call;
      const problem = problemDocument(request.error, requestId);
      if (problem.status === 500) log.error('request failed unexpectedly', errorFields(request.error));
      // Set, not returned: a returned answer would keep the middlewares before this one from adding their headers.
      request.response = problemReply(
        problem,
        request.error instanceof ProblemError ? request.error.headers : {},
      );
    },
  };
}
