import type { Clock, Log } from '../core/ports.ts';
import type { Endpoint } from '../lambdas/http/call.ts';
import { ProblemError } from '../lambdas/http/problem.ts';
import { type HttpHandler, serve } from '../lambdas/http/service.ts';
import { ROUTE_LIMITS, type RouteLimit, STAGE_LIMIT } from '../lambdas/route-limits.ts';
import { DEFAULT_ROUTE, type HttpFunctionName, ROUTES, routeKeyOf } from '../lambdas/routes.ts';

type Handlers = Readonly<Record<HttpFunctionName, HttpHandler>>;

interface Bucket {
  /** Whether there was a token, which is taken. */
  take(): boolean;
  /** Until there is another token, as it stands now. */
  secondsLeft(): number;
}

/**
 * The handlers behind the limits that API Gateway keeps in a deployment: a bucket for each route that has one of
 * its own, another for all others together. What is refused here is told as a problem document, for nobody but us
 * answers.
 *
 * @param factor how many times as much as a deployment these handlers take; above 0
 */
export function throttled(
  handlers: Handlers,
  { factor, clock, log }: { factor: number; clock: Clock; log: Log },
): Handlers {
  const bucket = ({ rate, burst }: RouteLimit) =>
    createBucket({ rate: rate * factor, burst: burst * factor }, clock);
  const stage = bucket(STAGE_LIMIT);
  const own = new Map(Object.entries(ROUTE_LIMITS).map(([key, limit]) => [key, bucket(limit)]));
  const bucketOf = (routeKey: string) => own.get(routeKey) ?? stage;

  const refuse = refusing((routeKey) => bucketOf(routeKey).secondsLeft(), { clock, log });
  const limited = (name: HttpFunctionName): HttpHandler => {
    return (event, context) =>
      bucketOf(event.routeKey).take() ? handlers[name](event, context) : refuse(event, context);
  };
  return {
    clone: limited('clone'),
    clones: limited('clones'),
    accounts: limited('accounts'),
    webhooks: limited('webhooks'),
    syncs: limited('syncs'),
    meta: limited('meta'),
  };
}

/** A full bucket at first. */
function createBucket({ rate, burst }: RouteLimit, clock: Clock): Bucket {
  let tokens = burst;
  let at = clock.monotonic();
  const refill = (): void => {
    const now = clock.monotonic();
    tokens = Math.min(burst, tokens + ((now - at) / 1000) * rate);
    at = now;
  };
  return {
    take() {
      refill();
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    secondsLeft() {
      refill();
      return Math.max(0, 1 - tokens) / rate;
    },
  };
}

/** Answers `throttled` as every problem is answered: with the request's id, the security headers and a log line. */
function refusing(secondsLeft: (routeKey: string) => number, ports: { clock: Clock; log: Log }): HttpHandler {
  const endpoint: Endpoint = {
    open: true,
    handle: async ({ event: { routeKey } }) => {
      throw new ProblemError('throttled', 'This route is called more often than it may.', {
        headers: { 'retry-after': String(Math.max(1, Math.ceil(secondsLeft(routeKey)))) },
      });
    },
  };
  const keys = [...ROUTES.map(routeKeyOf), DEFAULT_ROUTE.routeKey];
  return serve(ports, Object.fromEntries(keys.map((key) => [key, endpoint])));
}
