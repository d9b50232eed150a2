import { endpointOf, type Middleware } from './call.ts';
import { ProblemError } from './problem.ts';

/** The contract's limit: 256 KiB of the body as it was sent. */
export const MAX_BODY_BYTES = 256 * 1024;

/** Undoes API Gateway's base64 and refuses a body of more than `MAX_BODY_BYTES`. Leaves the bytes in `call.body`. */
export function bodySize(): Middleware {
  return {
    before: ({ event, context }) => {
      const { schema, raw } = endpointOf(context.call);
      if (schema === undefined && raw !== true) return;
      const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
      if (bytes.length > MAX_BODY_BYTES) {
        throw new ProblemError(
          'body_too_large',
          `A body may have ${MAX_BODY_BYTES} bytes; this has ${bytes.length}.`,
        );
      }
      context.call.body = bytes;
    },
  };
}
