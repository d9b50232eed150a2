import middy from '@middy/core';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { RateLimiter } from '../../adapters/limits/index.ts';
import type { Clock, Log } from '../../core/ports.ts';
import type { KeyStore } from '../ports.ts';
import { accessLog } from './access-log.ts';
import { apiKey } from './api-key.ts';
import { bodySize } from './body-size.ts';
import { type CallContext, type Endpoint, endpointOf, type Reply } from './call.ts';
import { contentType } from './content-type.ts';
import { correlation } from './correlation.ts';
import { jsonBody } from './json-body.ts';
import { problems } from './problems.ts';
import { route } from './route.ts';
import { schema } from './schema.ts';
import { securityHeaders } from './security-headers.ts';
import { throttle } from './throttle.ts';

/** A Lambda handler behind API Gateway's HTTP API, payload version 2.0. */
export type HttpHandler = (event: APIGatewayProxyEventV2, context: Context) => Promise<Reply>;

/**
 * The function that serves these endpoints, by route key. The checks come in the contract's order: route, key (and
 * how often it calls), content type, size, JSON, schema; those of the accounts and of the plan are the endpoint's own. What stands above
 * them sees every answer, from the bottom up: the error as a problem, the log line, the headers.
 */
export function serve(
  ports: { log: Log; clock: Clock; keys?: KeyStore | undefined; keyLimiter?: RateLimiter | undefined },
  endpoints: Readonly<Record<string, Endpoint>>,
): HttpHandler {
  const handler = middy<APIGatewayProxyEventV2, Reply, Error, CallContext>()
    .use(correlation(ports))
    .use(securityHeaders())
    .use(accessLog(ports))
    .use(problems())
    .use(route(endpoints))
    .use(apiKey(ports))
    .use(throttle(ports))
    .use(contentType())
    .use(bodySize())
    .use(jsonBody())
    .use(schema())
    .handler(async (_event, { call }) => endpointOf(call).handle(call));
  // The first middleware makes a CallContext of what Lambda hands in.
  return (event, context) => handler(event, context as CallContext);
}
