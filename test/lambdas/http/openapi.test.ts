import { describe, expect, test } from '@jest/globals';
import { get } from '../../../core/model/pointer.ts';
import type { Json, JsonObject } from '../../../core/model/resource.ts';
import { PROBLEMS } from '../../../lambdas/http/codes.ts';
import { openApiDocument } from '../../../lambdas/http/openapi.ts';
import { OPERATIONS } from '../../../lambdas/http/operations.ts';
import { ROUTES, type Route, routeKeyOf } from '../../../lambdas/routes.ts';

interface Described {
  responses: Record<
    string,
    { description: string; content: Record<string, unknown>; headers?: Record<string, unknown> }
  >;
  parameters?: { $ref: string }[];
  requestBody?: {
    required: boolean;
    content: Record<string, { schema: { $ref: string } }>;
  };
  security?: unknown[];
}

const document = openApiDocument() as unknown as {
  openapi: string;
  paths: Record<string, Record<string, Described>>;
  components: Record<string, Record<string, unknown>>;
};

/** What each route may answer, read off the contract. */
const CONTRACT: Readonly<Record<string, readonly number[]>> = {
  'POST /clone': [200, 201, 202, 400, 401, 403, 404, 409, 413, 415, 422, 424, 429, 500, 502],
  'GET /clones': [200, 401, 403, 422, 429, 500],
  'GET /clones/{cloneId}': [200, 401, 404, 422, 429, 500],
  'GET /clones/{cloneId}/actions': [200, 401, 404, 422, 429, 500],
  'POST /clones/{cloneId}/resume': [202, 401, 404, 409, 422, 429, 500],
  'POST /clones/{cloneId}/cancel': [202, 401, 404, 422, 429, 500],
  'POST /clones/{cloneId}/rollback': [202, 401, 404, 409, 422, 429, 500],
  'GET /accounts': [200, 401, 422, 429, 500],
  'GET /accounts/{account}/flows': [200, 401, 403, 404, 422, 424, 429, 500, 502],
  'PUT /accounts/{account}': [200, 201, 400, 401, 403, 409, 413, 415, 422, 424, 429, 500, 502],
  'DELETE /accounts/{account}': [204, 401, 403, 404, 422, 429, 500],
  'POST /accounts/{account}/check': [200, 401, 403, 404, 422, 429, 500, 502],
  'DELETE /accounts/{account}/copies': [202, 401, 403, 404, 422, 429, 500],
  'POST /webhooks/{hook}': [202, 400, 401, 403, 404, 413, 422, 429, 500],
  'PUT /syncs/{sync}': [200, 201, 400, 401, 403, 404, 413, 415, 422, 429, 500],
  'GET /syncs/{sync}': [200, 401, 404, 422, 429, 500],
  'GET /syncs': [200, 401, 422, 429, 500],
  'DELETE /syncs/{sync}': [204, 401, 403, 404, 422, 429, 500],
  'POST /syncs/{sync}/run': [202, 400, 401, 404, 413, 415, 422, 429, 500],
  'GET /syncs/{sync}/runs': [200, 401, 404, 422, 429, 500],
  'GET /syncs/{sync}/runs/{runId}': [200, 401, 404, 422, 429, 500],
  'POST /syncs/{sync}/runs/{runId}/cancel': [202, 401, 404, 422, 429, 500],
  'GET /health': [200, 422, 429, 500],
  'GET /openapi.json': [200, 422, 429, 500],
};

const operation = (routeKey: string): Described | undefined => {
  const [method = '', path = ''] = routeKey.split(' ');
  return document.paths[path]?.[method.toLowerCase()];
};

describe('the OpenAPI document', () => {
  test('describes the routes that are served, and no others', () => {
    expect(ROUTES.map(routeKeyOf).sort()).toEqual(Object.keys(CONTRACT).sort());
    expect(Object.keys(OPERATIONS).sort()).toEqual(Object.keys(CONTRACT).sort());
  });

  test.each(Object.entries(CONTRACT))(
    'gives %s exactly the statuses of the contract',
    (routeKey, statuses) => {
      expect(Object.keys(operation(routeKey)?.responses ?? {}).map(Number)).toEqual(statuses);
    },
  );

  test('names every code that can be answered, but that of no route, at some route', () => {
    const named = Object.keys(CONTRACT).flatMap((routeKey) =>
      Object.values(operation(routeKey)?.responses ?? {}).flatMap(({ description }) =>
        description.split(', '),
      ),
    );

    expect(Object.keys(PROBLEMS).filter((code) => !named.includes(code))).toEqual(['route_not_found']);
  });

  test('says of every route that it may be throttled, and how long to wait then', () => {
    for (const routeKey of Object.keys(CONTRACT)) {
      const { description, headers } = operation(routeKey)?.responses['429'] ?? {};
      expect([routeKey, description]).toEqual([routeKey, 'throttled']);
      expect(Object.keys(headers ?? {})).toEqual(['retry-after']);
    }
  });

  test('names the parameters of the query that the table of routes names, and no others', () => {
    const named = (routeKey: string) =>
      (operation(routeKey)?.parameters ?? []).flatMap(({ $ref }) => {
        const { name, in: place } = get(document as unknown as Json, $ref.slice(1)) as JsonObject;
        return place === 'query' ? [name] : [];
      });

    for (const route of ROUTES as readonly Route[]) {
      expect([routeKeyOf(route), named(routeKeyOf(route))]).toEqual([routeKeyOf(route), route.query ?? []]);
    }
    expect(named('DELETE /accounts/{account}/copies')).toEqual(['source']);
  });

  test('asks for a key everywhere but where none is needed', () => {
    const open = Object.keys(CONTRACT).filter((routeKey) => operation(routeKey)?.security?.length === 0);

    expect(open).toEqual(['POST /webhooks/{hook}', 'GET /health', 'GET /openapi.json']);
  });

  test('shows the body of POST /clone as the schema that checks it: strict, with every field', () => {
    const content = operation('POST /clone')?.requestBody?.content['application/json'];
    const schema = document.components['schemas']?.['cloneRequest'] as
      | { properties: object; additionalProperties: boolean }
      | undefined;

    expect(content?.schema.$ref).toBe('#/components/schemas/cloneRequest');
    expect(schema?.additionalProperties).toBe(false);
    expect(Object.keys(schema?.properties ?? {})).toEqual(
      expect.arrayContaining(['source', 'target', 'connectionMap', 'overrides', 'planFingerprint', 'dryRun']),
    );
  });

  test('says that a body may be left out only where it may', () => {
    const optional = Object.keys(CONTRACT).filter(
      (routeKey) => operation(routeKey)?.requestBody?.required === false,
    );

    expect(optional).toEqual(['POST /syncs/{sync}/run']);
  });

  test('has no reference that leads nowhere', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#([^"]+)"/g)].map((match) =>
      String(match[1]),
    );

    expect(references.length).toBeGreaterThan(50);
    for (const reference of new Set(references)) {
      expect([reference, get(document as unknown as Json, reference)]).not.toEqual([reference, undefined]);
    }
  });
});
