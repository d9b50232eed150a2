import * as z from 'zod/mini';
import { cloneRequest } from '../../core/model/request.ts';
import type { JsonObject } from '../../core/model/resource.ts';
import { runRequest, syncBody } from '../../core/model/sync.ts';
import { accountInput } from '../accounts/input.ts';
import { type QueryParameter, ROUTES, type Route, routeKeyOf } from '../routes.ts';
import { type ProblemCode, statusOf } from './codes.ts';
import { type BodySchema, OPERATIONS, type Operation } from './operations.ts';
import * as schemas from './schemas.ts';

/** The OpenAPI 3.1 document, made from the schemas that validate requests and the tables that route and answer. */
export function openApiDocument(): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const route of ROUTES) {
    const operation = OPERATIONS[routeKeyOf(route)];
    if (operation === undefined) throw new Error(`Nothing is said of ${routeKeyOf(route)}`);
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: describe(route, operation),
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
      schemas: componentSchemas(),
    },
  };
}

function describe({ path, query = [] }: Route, operation: Operation): JsonObject {
  const names = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map((match) => String(match[1])),
    ...query,
    ...(operation.headers ?? []),
  ];
  return {
    operationId: operation.id,
    summary: operation.summary,
    ...(operation.open === true ? { security: [] } : {}),
    ...(names.length === 0
      ? {}
      : { parameters: names.map((name) => ({ $ref: `#/components/parameters/${name}` })) }),
    ...(operation.body === undefined ? {} : { requestBody: bodyOf(operation.body, operation.bodyOptional) }),
    responses: { ...successes(operation), ...problems(operation.problems) },
  };
}

function successes({ answers, body, headers }: Operation): JsonObject {
  const entries = Object.entries(answers).map(([status, { says, schema }]): [string, JsonObject] => [
    status,
    {
      description: says,
      headers: {
        'x-request-id': header("The caller's, or one we made"),
        ...(status === '202' || (status === '201' && body === 'cloneRequest')
          ? { location: header('The path of what was begun') }
          : {}),
        ...(headers?.includes('Idempotency-Key')
          ? { 'idempotency-replayed': header('"true" on a replay') }
          : {}),
      },
      ...(schema === undefined
        ? {}
        : { content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } } }),
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
      ...(status === statusOf('throttled')
        ? { headers: { 'retry-after': header('Seconds to wait; left out where API Gateway itself answers') } }
        : {}),
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

const PARAMETERS: Readonly<Record<QueryParameter, JsonObject> & Record<string, JsonObject>> = {
  cloneId: { name: 'cloneId', in: 'path', required: true, schema: { type: 'string' } },
  account: { name: 'account', in: 'path', required: true, schema: { type: 'string' } },
  sync: { name: 'sync', in: 'path', required: true, schema: { type: 'string' } },
  runId: { name: 'runId', in: 'path', required: true, schema: { type: 'string' } },
  hook: { name: 'hook', in: 'path', required: true, schema: { type: 'string' } },
  source: {
    name: 'source',
    in: 'query',
    description:
      'The account that was cloned from; left out: every one, which takes a key that may use every account',
    schema: { type: 'string' },
  },
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

function bodyOf(schema: BodySchema, optional = false): JsonObject {
  return {
    required: !optional,
    content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
  };
}

function componentSchemas(): JsonObject {
  const answers = Object.entries(schemas).map(([name, schema]) => component(name, schema, 'output'));
  return Object.assign(
    { anyObject: { type: 'object' } },
    component('cloneRequest', cloneRequest, 'input'),
    component('accountInput', accountInput, 'input'),
    component('syncDefinition', syncBody, 'input'),
    component('runRequest', runRequest, 'input'),
    ...answers,
  ) as JsonObject;
}

/**
 * A schema as a component, with the definitions it shares as components of their own: OpenAPI 3.1 takes JSON Schema
 * 2020-12 as it is, but resolves `#/$defs` from the root of the whole document.
 */
function component(name: string, schema: z.ZodMiniType, io: 'input' | 'output'): JsonObject {
  const text = JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any' }));
  const hoisted = text.replaceAll('"#/$defs/__schema', `"#/components/schemas/${name}Part`);
  const { $schema: _dialect, $defs = {}, ...rest } = JSON.parse(hoisted) as JsonObject;
  const parts = Object.entries($defs as JsonObject).map(([definition, part]) => [
    definition.replace('__schema', `${name}Part`),
    part,
  ]);
  return { [name]: rest, ...Object.fromEntries(parts) };
}
