import type { RouteKey } from './routes.ts';

/** What API Gateway lets through, over all callers: a bucket that refills at `rate` and holds `burst`. */
export interface RouteLimit {
  /** Requests a second. */
  readonly rate: number;
  /** Requests at once, after a pause. */
  readonly burst: number;
}

/** What holds for every route that has no limit of its own. */
export const STAGE_LIMIT: RouteLimit = { rate: 50, burst: 100 };

/** Read again and again by whoever waits for an end, and cheap: several may poll twenty times a second. */
const POLLED: RouteLimit = { rate: 100, burst: 200 };

/** Changes what is stored, or starts a worker, or calls integrator.io while the caller waits. */
const DEAR: RouteLimit = { rate: 10, burst: 50 };

/** Open to everybody, and worth nothing to ask for often. */
const OPEN: RouteLimit = { rate: 20, burst: 50 };

/**
 * The limits of single routes, in the place of the stage's: low where a request is dear or comes from somebody
 * unknown, high where clients poll.
 */
export const ROUTE_LIMITS: Readonly<Partial<Record<RouteKey, RouteLimit>>> = {
  'POST /clone': { rate: 20, burst: 100 },
  'GET /clones/{cloneId}': POLLED,
  'POST /clones/{cloneId}/resume': DEAR,
  'POST /clones/{cloneId}/cancel': DEAR,
  'POST /clones/{cloneId}/rollback': DEAR,
  'GET /accounts/{account}/flows': DEAR,
  'PUT /accounts/{account}': DEAR,
  'DELETE /accounts/{account}': DEAR,
  'POST /accounts/{account}/check': { rate: 5, burst: 20 },
  'DELETE /accounts/{account}/copies': { rate: 5, burst: 20 },
  // No less than what one hook may deliver: whoever signs is held to that, and everybody else to this.
  'POST /webhooks/{hook}': { rate: 25, burst: 200 },
  'PUT /syncs/{sync}': DEAR,
  'DELETE /syncs/{sync}': DEAR,
  // One run may write into hundreds of accounts.
  'POST /syncs/{sync}/run': { rate: 2, burst: 10 },
  'GET /syncs/{sync}/runs/{runId}': POLLED,
  'POST /syncs/{sync}/runs/{runId}/cancel': DEAR,
  'GET /health': OPEN,
  'GET /openapi.json': OPEN,
};
