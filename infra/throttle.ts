import { z } from 'zod';
import { ROUTE_LIMITS, type RouteLimit, STAGE_LIMIT } from '../lambdas/route-limits.ts';
import { ROUTES, type RouteKey, routeKeyOf } from '../lambdas/routes.ts';

/** What the API takes over all callers. */
export interface ThrottleProps {
  /** Requests a second, for every route that has no limit of its own. @default 50 */
  readonly rate?: number;
  /** Requests at once, for every route that has no limit of its own. @default 100 */
  readonly burst?: number;
  /**
   * Limits of single routes, by their keys: `{ 'POST /clone': { rate: 5, burst: 20 } }`. Taken as they are given.
   * @default those of `lambdas/route-limits.ts`, none of them looser than a `rate` or `burst` that is given
   */
  readonly routes?: Readonly<Partial<Record<RouteKey, RouteLimit>>>;
}

/** The same with every default filled in. */
export interface Throttle {
  readonly stage: RouteLimit;
  readonly routes: Readonly<Partial<Record<RouteKey, RouteLimit>>>;
}

const limit = { rate: z.number().positive(), burst: z.int().positive() };
const known: ReadonlySet<string> = new Set(ROUTES.map(routeKeyOf));

export const throttleSchema = z
  .strictObject({
    ...limit,
    routes: z.record(z.string(), z.strictObject(limit)).superRefine((routes, context) => {
      for (const key of Object.keys(routes).filter((each) => !known.has(each))) {
        context.addIssue({
          code: 'custom',
          path: [key],
          message: 'no such route; they stand in lambdas/routes.ts',
        });
      }
    }),
  })
  .partial();

/** Fills in what was left out. Who lowers the stage's limit means all routes, but those that he names himself. */
export function resolveThrottle({ rate, burst, routes = {} }: ThrottleProps = {}): Throttle {
  const lowered = Object.entries(ROUTE_LIMITS).map(([key, own]) => [
    key,
    { rate: Math.min(own.rate, rate ?? own.rate), burst: Math.min(own.burst, burst ?? own.burst) },
  ]);
  return {
    stage: { rate: rate ?? STAGE_LIMIT.rate, burst: burst ?? STAGE_LIMIT.burst },
    routes: { ...Object.fromEntries(lowered), ...routes },
  };
}
