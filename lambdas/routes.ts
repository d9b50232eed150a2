/** The deployed functions that answer HTTP requests; each is a folder beside this file. */
export type HttpFunctionName = 'clone' | 'clones' | 'accounts' | 'webhooks' | 'syncs' | 'meta';

/** Parameters of the query that there are, at one route or another. */
export type QueryParameter = 'limit' | 'cursor' | 'target' | 'source';

/** One route of the HTTP API, as API Gateway, the local gateway and the OpenAPI document are told of it. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `{name}` stands for one segment of the path. */
  path: string;
  function: HttpFunctionName;
  /** The parameters of the query it takes; any other is refused. */
  query?: readonly QueryParameter[];
}

const PAGE = ['limit', 'cursor'] as const;

/**
 * Every route there is. What is not listed here goes to `DEFAULT_ROUTE`, also another method on a listed path.
 * A new door (webhooks, syncs) is a folder beside this file and its rows in this table.
 */
export const ROUTES = [
  { method: 'POST', path: '/clone', function: 'clone' },
  { method: 'GET', path: '/clones', function: 'clones', query: ['target', 'limit', 'cursor'] },
  { method: 'GET', path: '/clones/{cloneId}', function: 'clones' },
  { method: 'GET', path: '/clones/{cloneId}/actions', function: 'clones', query: PAGE },
  { method: 'POST', path: '/clones/{cloneId}/resume', function: 'clones' },
  { method: 'POST', path: '/clones/{cloneId}/cancel', function: 'clones' },
  { method: 'POST', path: '/clones/{cloneId}/rollback', function: 'clones' },
  { method: 'GET', path: '/accounts', function: 'accounts' },
  { method: 'GET', path: '/accounts/{account}/flows', function: 'accounts', query: PAGE },
  { method: 'PUT', path: '/accounts/{account}', function: 'accounts' },
  { method: 'DELETE', path: '/accounts/{account}', function: 'accounts' },
  { method: 'POST', path: '/accounts/{account}/check', function: 'accounts' },
  { method: 'DELETE', path: '/accounts/{account}/copies', function: 'accounts', query: ['source'] },
  { method: 'POST', path: '/webhooks/{hook}', function: 'webhooks' },
  { method: 'PUT', path: '/syncs/{sync}', function: 'syncs' },
  { method: 'GET', path: '/syncs/{sync}', function: 'syncs' },
  { method: 'GET', path: '/syncs', function: 'syncs', query: PAGE },
  { method: 'DELETE', path: '/syncs/{sync}', function: 'syncs' },
  { method: 'POST', path: '/syncs/{sync}/run', function: 'syncs' },
  { method: 'GET', path: '/syncs/{sync}/runs', function: 'syncs', query: PAGE },
  { method: 'GET', path: '/syncs/{sync}/runs/{runId}', function: 'syncs' },
  { method: 'POST', path: '/syncs/{sync}/runs/{runId}/cancel', function: 'syncs' },
  { method: 'GET', path: '/health', function: 'meta' },
  { method: 'GET', path: '/openapi.json', function: 'meta' },
] as const satisfies readonly Route[];

type KeyOf<R extends Route> = R extends Route ? `${R['method']} ${R['path']}` : never;

/** The key of one of these routes, as API Gateway names it: `GET /clones/{cloneId}`. */
export type RouteKey = KeyOf<(typeof ROUTES)[number]>;

/** API Gateway's name for the route that takes what no other route takes. */
export const DEFAULT_ROUTE = { routeKey: '$default', function: 'meta' } as const;

/** How API Gateway names a route in an event: `GET /clones/{cloneId}`. */
export function routeKeyOf(route: Pick<Route, 'method' | 'path'>): string {
  return `${route.method} ${route.path}`;
}
