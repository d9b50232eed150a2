import type middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type * as z from 'zod/mini';
import type { Problem } from '../../core/model/problem.ts';
import type { Log } from '../../core/ports.ts';
import type { ApiKey } from '../ports.ts';

export type Reply = APIGatewayProxyStructuredResultV2;

/** What the checks found out about a request, growing from one to the next. */
export interface Call {
  event: APIGatewayProxyEventV2;
  requestId: string;
  /** Writes every line with the request's id. */
  log: Log;
  /** Monotonic time of arrival, in ms. */
  arrivedAt: number;
  endpoint?: Endpoint | undefined;
  key?: ApiKey | undefined;
  /** The body: its bytes until it was read as JSON. */
  body?: unknown;
  /** What the endpoint's schema made of the body, every default filled in. */
  input?: unknown;
}

/** What one route does, and which of the checks are its own. */
export interface Endpoint {
  /** `true`: no key is needed. */
  open?: boolean;
  /** `true`: only keys that administer the service come in. */
  admin?: boolean;
  /** `true`: the body's bytes are left in `call.body` as they came, for a signature stands over them. */
  raw?: boolean;
  /** The schema of its JSON body; without one a body is not looked at. */
  schema?: z.ZodMiniType;
  /** `true`: no body at all, whatever its type, stands for `{}`. */
  bodyOptional?: boolean;
  /** What else is wrong with the request; `input` is there when the schema took the body. */
  findProblems?(event: APIGatewayProxyEventV2, input: unknown): Problem[];
  handle(call: Call): Promise<Reply>;
}

/** Lambda's context, carrying the call from middleware to middleware. */
export interface CallContext extends Context {
  call: Call;
}

export type Middleware = middy.MiddlewareObj<APIGatewayProxyEventV2, Reply, Error, CallContext>;
export type MiddlewareRequest = middy.Request<APIGatewayProxyEventV2, Reply, Error, CallContext>;

/** The endpoint of this call; the route check has found it before anything asks. */
export function endpointOf(call: Call): Endpoint {
  if (call.endpoint === undefined) throw new Error('The route check has not run');
  return call.endpoint;
}

/** Whether the body was left out where it may be. */
export function isBodyLeftOut(call: Call): boolean {
  return endpointOf(call).bodyOptional === true && (call.event.body ?? '') === '';
}

/** Who calls; the key check has found out before anything asks. */
export function callerOf(call: Call): ApiKey {
  if (call.key === undefined) throw new Error('The key check has not run');
  return call.key;
}
