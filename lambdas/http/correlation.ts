import type { Clock, Log } from '../../core/ports.ts';
import type { Middleware, MiddlewareRequest } from './call.ts';
import { withFields } from './log.ts';

/** What we take over from a caller's x-request-id: nothing that could forge a log line. */
const REQUEST_ID = /^[\w.:@/+=-]{1,128}$/;

/**
 * Gives the call its request id: the caller's `x-request-id` where it can be used, else API Gateway's. It stands in
 * every log line and goes back as a header.
 */
export function correlation({ log, clock }: { log: Log; clock: Clock }): Middleware {
  const answer = ({ response, context }: MiddlewareRequest): void => {
    if (response) response.headers = { ...response.headers, 'x-request-id': context.call.requestId };
  };
  return {
    before: ({ event, context }) => {
      const asked = event.headers['x-request-id'];
      const requestId =
        asked !== undefined && REQUEST_ID.test(asked) ? asked : event.requestContext.requestId;
      context.call = { event, requestId, log: withFields(log, { requestId }), arrivedAt: clock.monotonic() };
    },
    after: answer,
    onError: answer,
  };
}
