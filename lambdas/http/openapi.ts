import * as z from 'zod/mini';
import type { JsonObject } from '../../core/model/resource.ts';
import { ROUTES, routeKeyOf } from '../routes.ts';
import { type ProblemCode, statusOf } from './codes.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import * as schemas from './schemas.ts';

/** The OpenAPI 3.1 document, made from the schemas that validate requests and the tables that route and answer. */
export function openApiDocument(): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const route of ROUTES) {
    const operation = OPERATIONS[routeKeyOf(route)];
    if (operation === undefined) throw new Error(`Nothing is said of ${routeKeyOf(route)}`);
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: describe(route.path, operation),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'flowferry',
      version: '1',
      description: 'Clones integrator.io flows from one account into another, with all that they need.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    security: [{ apiKey: [] }],
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' } },
      parameters: PARAMETERS,
      schemas: Object.fromEntries(
        Object.entries(schemas).map(([name, schema]) => [name, jsonSchema(schema, 'output')]),
      ),
    },
  };
}

function describe(path: string, operation: Operation): JsonObject {
  const names = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map((match) => String(match[1])),
    ...(operation.query ?? []),
    ...(operation.headers ?? []),
  ];
  return {
    operationId: operation.id,
    summary: operation.summary,
    ...(operation.open === true ? { security: [] } : {}),
    ...(names.length === 0
      ? {}
      : { parameters: names.map((name) => ({ $ref: `#/components/parameters/${name}` })) }),
    ...(operation.body === undefined ? {} : { requestBody: bodyOf(operation.body) }),
    responses: { ...successes(operation), ...problems(operation.problems) },
  };
}

function bodyOf(schema: z.ZodMiniType): JsonObject {
  return { required: true, content: { 'application/json': { schema: jsonSchema(schema, 'input') } } };
}

function successes({ answers, body, headers }: Operation): JsonObject {
  const entries = Object.entries(answers).map(([status, { says, schema }]): [string, JsonObject] => [
    status,
    {
      description: says,
      headers: {
        'x-request-id': header("The caller's, or one we made"),
        ...(status === '202' || (status === '201' && body)
          ? { location: header('The path of the clone') }
          : {}),
        ...(headers?.includes('Idempotency-Key')
          ? { 'idempotency-replayed': header('"true" on a replay') }
          : {}),
      },
      content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
    },
  ]);
  return Object.fromEntries(entries);
}

/** One answer a status: its codes are listed, for callers branch on them. */
function problems(codes: readonly ProblemCode[]): JsonObject {
  const byStatus = Map.groupBy(codes, statusOf);
  const entries = [...byStatus].map(([status, alternatives]): [string, JsonObject] => [
    String(status),
    {
      description: alternatives.join(', '),
      content: {
        'application/problem+json': {
          schema: {
            allOf: [
              { $ref: '#/components/schemas/problemDocument' },
              { properties: { code: { enum: alternatives } } },
            ],
          },
        },
      },
    },
  ]);
  return Object.fromEntries(entries);
}

const PARAMETERS: Readonly<Record<string, JsonObject>> = {
  cloneId: { name: 'cloneId', in: 'path', required: true, schema: { type: 'string' } },
  account: { name: 'account', in: 'path', required: true, schema: { type: 'string' } },
  target: {
    name: 'target',
    in: 'query',
    required: true,
    description: 'The account that was cloned into',
    schema: { type: 'string' },
  },
  limit: { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 1000 } },
  cursor: {
    name: 'cursor',
    in: 'query',
    description: 'The "next" of the page before',
    schema: { type: 'string', minLength: 1 },
  },
  'Idempotency-Key': {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'The same key with the same body gives the same clone for 7 days',
    schema: { type: 'string', minLength: 1, maxLength: 128, pattern: '^[\\x20-\\x7e]+$' },
  },
  Prefer: {
    name: 'Prefer',
    in: 'header',
    description: '"respond-async": answer 202 at once',
    schema: { type: 'string' },
  },
};

function header(description: string): JsonObject {
  return { description, schema: { type: 'string' } };
}

/** OpenAPI 3.1 takes JSON Schema 2020-12 as it is; the dialect is named once by the document itself. */
function jsonSchema(schema: z.ZodMiniType, io: 'input' | 'output'): JsonObject {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return JSON.parse(JSON.stringify(rest)) as JsonObject;
}
