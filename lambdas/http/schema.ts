import { endpointOf, type Middleware } from './call.ts';
import { fieldProblems } from './fields.ts';
import { ProblemError } from './problem.ts';
import { unknownParameters } from './query.ts';

/** Holds query, body and headers against what the endpoint takes and lists all that is wrong, not only the first. */
export function schema(): Middleware {
  return {
    before: ({ event, context: { call } }) => {
      const endpoint = endpointOf(call);
      const parsed = endpoint.schema?.safeParse(call.body);
      const problems = [
        ...unknownParameters(event),
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
