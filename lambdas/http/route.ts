import type { Endpoint, Middleware } from './call.ts';
import { ProblemError } from './problem.ts';

/** Finds the endpoint by API Gateway's route key; `route_not_found` for every other. */
export function route(endpoints: Readonly<Record<string, Endpoint>>): Middleware {
  const known = new Map(Object.entries(endpoints));
  return {
    before: ({ event, context }) => {
      const endpoint = known.get(event.routeKey);
      if (endpoint === undefined) {
        throw new ProblemError(
          'route_not_found',
          'There is no such route; /openapi.json lists those there are.',
        );
      }
      context.call.endpoint = endpoint;
    },
  };
}
