import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createRouter, type Match } from '../../local/gateway-router.ts';
import type { ServiceCall } from './service.ts';

/** Stands where a key belongs: within one process there is only one caller. */
export const OWN_KEY = 'command-line';

const match = createRouter();

/** A call as API Gateway would hand it to the function that answers it. */
export function eventOf(
  call: ServiceCall,
  { requestId, now }: { requestId: string; now: number },
): { event: APIGatewayProxyEventV2; function: Match['function'] } {
  const { method, path, query, body } = call;
  const found = match(method, path);
  const event: APIGatewayProxyEventV2 = {
    version: '2.0',
    routeKey: found.routeKey,
    rawPath: path,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
      'x-api-key': OWN_KEY,
    },
    ...(query === undefined ? {} : { queryStringParameters: { ...query } }),
    ...(found.pathParameters === undefined ? {} : { pathParameters: found.pathParameters }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'command-line',
      domainName: 'localhost',
      domainPrefix: 'localhost',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'flowferry' },
      requestId,
      routeKey: found.routeKey,
      stage: '$default',
      time: new Date(now).toISOString(),
      timeEpoch: now,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    isBase64Encoded: false,
  };
  return { event, function: found.function };
}
