import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { unknownCursor } from '../../core/model/cursor.ts';
import { format } from '../../core/model/pointer.ts';
import type { Problem } from '../../core/model/problem.ts';
import { ROUTES, type Route, routeKeyOf } from '../routes.ts';
import { MAX_PROBLEMS } from './fields.ts';
import { ProblemError } from './problem.ts';

export interface PageRequest {
  limit: number;
  cursor: string | undefined;
}

const MAX_LIMIT = 1000;
const MAX_CURSOR_LENGTH = 4096;

/** `limit` and `cursor` of a list, `invalid_request` where they are wrong. */
export function pageOf(event: APIGatewayProxyEventV2, defaultLimit: number): PageRequest {
  const { limit, cursor } = event.queryStringParameters ?? {};
  if (
    limit !== undefined &&
    !(/^[0-9]{1,4}$/.test(limit) && Number(limit) >= 1 && Number(limit) <= MAX_LIMIT)
  ) {
    throw wrong('limit', `must be a whole number from 1 to ${MAX_LIMIT}`);
  }
  if (cursor !== undefined && (cursor === '' || cursor.length > MAX_CURSOR_LENGTH)) {
    throw unknownCursor();
  }
  return { limit: limit === undefined ? defaultLimit : Number(limit), cursor };
}

/** A parameter of the query that must be there, `invalid_request` where it is not. */
export function required(event: APIGatewayProxyEventV2, name: string): string {
  const value = event.queryStringParameters?.[name];
  if (value === undefined || value === '') throw wrong(name, 'is missing');
  return value;
}

/** The parameters each route knows, by route key. */
const KNOWN: ReadonlyMap<string, readonly string[]> = new Map(
  ROUTES.map((route: Route) => [routeKeyOf(route), route.query ?? []]),
);

/** Parameters of the query that their route does not know: a misspelt one must not pass for one that was left out. */
export function unknownParameters(event: APIGatewayProxyEventV2): Problem[] {
  const known = KNOWN.get(event.routeKey) ?? [];
  return Object.keys(event.queryStringParameters ?? {})
    .filter((name) => !known.includes(name))
    .slice(0, MAX_PROBLEMS)
    .map((name) => ({
      code: 'invalid_request',
      message: 'is not a parameter of this route',
      path: format(['query', name]),
    }));
}

/** Says that a parameter of the query is wrong. */
export function wrong(name: string, message: string): ProblemError {
  const problem = { code: 'invalid_request', message, path: `/query/${name}` };
  return new ProblemError('invalid_request', `The query parameter "${name}" ${message}.`, {
    problems: [problem],
  });
}
