import type * as z from 'zod/mini';
import { PROBLEMS, type ProblemCode } from '../../../lambdas/http/codes.ts';
import { OPERATIONS } from '../../../lambdas/http/operations.ts';
import * as schemas from '../../../lambdas/http/schemas.ts';
import { createRouter } from '../../../local/gateway-router.ts';
import type { FuzzAnswer, FuzzRequest } from './world.ts';

/** Lambda hands on no answer larger than this, in bytes. */
const MOST_BYTES = 6 * 1024 * 1024;

const SECURITY = [
  'cache-control',
  'content-security-policy',
  'referrer-policy',
  'strict-transport-security',
  'x-content-type-options',
] as const;

const routeOf = createRouter();
const SCHEMAS = new Map<string, z.ZodMiniType>(Object.entries(schemas));

/** The route that a request goes to, by API Gateway's name. */
export function routeKeyFor({ method, path }: FuzzRequest): string {
  return routeOf(method, path.split('?', 1)[0] ?? '/').routeKey;
}

/** All that is wrong with an answer; nothing for a good one. */
export function judge(request: FuzzRequest, answer: FuzzAnswer, secrets: readonly string[]): string[] {
  const complaints: string[] = [];
  const { status, headers, body } = answer;
  const whole = `${JSON.stringify(headers)}${body}`;
  for (const name of SECURITY) if (headers[name] === undefined) complaints.push(`no header ${name}`);
  if (headers['x-request-id'] === undefined) complaints.push('no header x-request-id');
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\x20-\x7e]*$/.test(value)) complaints.push(`the header ${name} can not be sent`);
  }
  if (secrets.some((secret) => whole.includes(secret))) complaints.push('a secret in the answer');
  if (Buffer.byteLength(body) > MOST_BYTES) complaints.push(`an answer of ${Buffer.byteLength(body)} bytes`);
  if (request.method === 'HEAD' && body === '') return complaints;
  return [...complaints, ...(status >= 400 ? ofProblem(request, answer) : ofSuccess(request, answer))];
}

function ofProblem(request: FuzzRequest, { status, headers, body }: FuzzAnswer): string[] {
  const complaints: string[] = [];
  if (headers['content-type'] !== 'application/problem+json') complaints.push('no problem document');
  const value = parsed(body);
  const problem = schemas.problemDocument.safeParse(value);
  if (!problem.success) return [...complaints, `not a problem: ${issuesOf(problem.error)}`];
  const { code, errors } = problem.data;
  const known = PROBLEMS[code as ProblemCode];
  if (problem.data.status !== status || known[0] !== status) complaints.push(`${code} with status ${status}`);
  if (errors.length === 0) complaints.push('a problem without errors');
  // integrator.io's stand-in refuses documents that an override has spoilt, as integrator.io does.
  const isUpstream = status === 502 && request.body.includes('"overrides"');
  if (status >= 500 && !isUpstream) complaints.push(`${status} ${code}`);
  const route = routeKeyFor(request);
  const foreseen: readonly string[] = OPERATIONS[route]?.problems ?? ['route_not_found'];
  if (!foreseen.includes(code)) complaints.push(`${route} is not said to answer ${code}`);
  return complaints;
}

function ofSuccess(request: FuzzRequest, { status, body }: FuzzAnswer): string[] {
  const route = routeKeyFor(request);
  const said = OPERATIONS[route]?.answers[status];
  if (said === undefined) return [`${route} is not said to answer ${status}`];
  if (said.schema === undefined) return body === '' ? [] : ['a body where there is none'];
  const schema = SCHEMAS.get(said.schema);
  if (schema === undefined) return [`there is no schema ${said.schema}`];
  const result = schema.safeParse(parsed(body));
  return result.success ? [] : [`not a ${said.schema}: ${issuesOf(result.error)}`];
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function issuesOf(error: z.core.$ZodError): string {
  return error.issues
    .map(({ path, code }) => `${path.join('.')} ${code}`)
    .join(', ')
    .slice(0, 300);
}
