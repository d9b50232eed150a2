import type { Clock } from '../../core/ports.ts';
import type { Middleware, MiddlewareRequest } from './call.ts';

/** One line a request: what was asked, by whom, and what came of it. No body, no query, no header. */
export function accessLog({ clock }: { clock: Clock }): Middleware {
  const write = ({ event, context, response }: MiddlewareRequest): void => {
    const { call } = context;
    call.log.info('request', {
      route: event.routeKey,
      status: response?.statusCode ?? 500,
      durationMs: Math.round(clock.monotonic() - call.arrivedAt),
      ...(call.key === undefined ? {} : { keyId: call.key.id }),
    });
  };
  return { after: write, onError: write };
}
