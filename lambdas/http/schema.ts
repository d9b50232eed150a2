import { endpointOf, type Middleware } from './call.ts';
import { fieldProblems } from './fields.ts';
import { ProblemError } from './problem.ts';

/** Holds body and headers against the endpoint's schema and lists every field that is wrong, not only the first. */
export function schema(): Middleware {
  return {
    before: ({ event, context: { call } }) => {
      const endpoint = endpointOf(call);
      const parsed = endpoint.schema?.safeParse(call.body);
      const problems = [
        ...(parsed?.success === false ? fieldProblems(parsed.error.issues, call.body) : []),
        ...(endpoint.findProblems?.(event, parsed?.success === true ? parsed.data : undefined) ?? []),
      ];
      if (problems.length > 0) {
        const fields = problems.length === 1 ? 'One field is wrong.' : `${problems.length} fields are wrong.`;
        throw new ProblemError('invalid_request', fields, { problems });
      }
      if (parsed?.success === true) call.input = parsed.data;
    },
  };
}
