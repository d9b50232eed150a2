import type { Account } from './account.ts';
import { isCollection } from './documents.ts';
import type { Settings } from './options.ts';

/** A call as an endpoint sees it. */
export interface Ask {
  account: Account;
  settings: Settings;
  /** The path, without query. */
  path: string;
  query: URLSearchParams;
  /** What stands in the places that the route names. */
  params: Readonly<Record<string, string>>;
  /**
   * The body, or undefined when there is none.
   * @throws {ApiError} 400 when it isn't JSON
   */
  json(): unknown;
}

/** What an endpoint answers. Without a body nothing is sent but the head. */
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Does the work of one route, at once. */
export type Endpoint = (ask: Ask) => Answer;

/** Method, path pattern (`:name` is a place, `:collection` one that must name a collection), endpoint. */
export type Route = readonly [method: string, pattern: string, endpoint: Endpoint];

/** A route that fits, with what stands in its places. */
export interface Match {
  endpoint: Endpoint;
  params: Record<string, string>;
}

interface Compiled {
  segments: readonly string[];
  endpoint: Endpoint;
}

/** Finds the endpoint for a method and path; of several the one that was named first. */
export class Router {
  readonly #routes = new Map<string, Compiled[]>();

  constructor(routes: readonly Route[]) {
    for (const [method, pattern, endpoint] of routes) {
      const segments = pattern.split('/').slice(1);
      const key = `${method} ${segments.length}`;
      const list = this.#routes.get(key) ?? [];
      list.push({ segments, endpoint });
      this.#routes.set(key, list);
    }
  }

  match(method: string, path: string): Match | undefined {
    const parts = path.split('/').slice(1);
    for (const { segments, endpoint } of this.#routes.get(`${method} ${parts.length}`) ?? []) {
      const params = placesOf(segments, parts);
      if (params) return { endpoint, params };
    }
    return undefined;
  }
}

function placesOf(segments: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index] ?? '';
    if (segment.startsWith(':')) {
      if (part === '' || (segment === ':collection' && !isCollection(part))) return undefined;
      params[segment.slice(1)] = part;
    } else if (segment !== part) return undefined;
  }
  return params;
}
