import { endpointOf, isBodyLeftOut, type Middleware } from './call.ts';
import { ProblemError } from './problem.ts';

/** RFC 8259 knows no charset but UTF-8; a caller may still name it. */
const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?;?\s*$/i;

/** Refuses a body that does not say it is JSON. */
export function contentType(): Middleware {
  return {
    before: ({ event, context }) => {
      if (endpointOf(context.call).schema === undefined || isBodyLeftOut(context.call)) return;
      if (!JSON_TYPE.test(event.headers['content-type'] ?? '')) {
        throw new ProblemError(
          'unsupported_media_type',
          'The content-type must be application/json, in UTF-8.',
        );
      }
    },
  };
}
