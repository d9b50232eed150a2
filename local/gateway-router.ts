import { DEFAULT_ROUTE, type HttpFunctionName, ROUTES, routeKeyOf } from '../lambdas/routes.ts';

/** Where a request goes, and what its path holds in the places of `{name}`. */
export interface Match {
  function: HttpFunctionName;
  routeKey: string;
  pathParameters: Record<string, string> | undefined;
}

/** The routing of an HTTP API over the table of routes: segment by segment, `$default` for all that fits none. */
export function createRouter(): (method: string, path: string) => Match {
  const routes = ROUTES.map((route) => ({ ...route, segments: route.path.split('/') }));
  return (method, path) => {
    const segments = path.split('/').map(decode);
    for (const route of routes) {
      if (route.method !== method) continue;
      const found = matchSegments(route.segments, segments);
      if (found === undefined) continue;
      const pathParameters = Object.keys(found).length === 0 ? undefined : found;
      return { function: route.function, routeKey: routeKeyOf(route), pathParameters };
    }
    return { ...DEFAULT_ROUTE, pathParameters: undefined };
  };
}

function matchSegments(
  pattern: readonly string[],
  segments: readonly (string | undefined)[],
): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index];
    if (segment === undefined) return undefined;
    if (!expected.startsWith('{')) {
      if (expected !== segment) return undefined;
    } else if (segment === '') {
      return undefined;
    } else {
      parameters[expected.slice(1, -1)] = segment;
    }
  }
  return parameters;
}

/** `undefined` for what is no percent-encoded UTF-8: no route is named so. */
function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
