import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from 'aws-lambda';
import type { Reply } from '../lambdas/http/call.ts';
import type { HttpHandler } from '../lambdas/http/service.ts';
import type { HttpFunctionName } from '../lambdas/routes.ts';
import { BodyTooLarge, readBody } from './gateway-body.ts';
import { buildEvent } from './gateway-event.ts';
import { createRouter } from './gateway-router.ts';

export interface GatewayOptions {
  handlers: Readonly<Record<HttpFunctionName, HttpHandler>>;
  /** API Gateway's own limit on a body: 10 MB. */
  maxBodyBytes?: number;
  /** How long a request may take to arrive, in ms. */
  arrivalTimeoutMs?: number;
  /** How long a handler may take, in ms: what `getRemainingTimeInMillis` counts down from. */
  handlerTimeoutMs?: number;
  /** Requests served at the same time; one more is told 503, as API Gateway tells it when Lambda is throttled. */
  concurrency?: number;
}

export interface Gateway {
  /** Answers from then on; the port is the one given, or the one found for 0. */
  listen(port: number, host?: string): Promise<{ port: number; url: string }>;
  /** Takes no new requests and waits for those under way, no longer than `graceMs`. */
  close(graceMs?: number): Promise<void>;
}

/** API Gateway's HTTP API on loopback: requests become events of payload version 2.0, handlers answer them. */
export function createGateway(options: GatewayOptions): Gateway {
  const { handlers, maxBodyBytes = 10_000_000, arrivalTimeoutMs = 15_000 } = options;
  const { handlerTimeoutMs = 29_000, concurrency = 1_000 } = options;
  const route = createRouter();
  let active = 0;

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request, maxBodyBytes);
    const matched = route(request.method ?? 'GET', pathOf(request));
    const requestId = randomUUID();
    const event = buildEvent(request, body, { ...matched, requestId, receivedAt: Date.now() });
    send(response, await handlers[matched.function](event, contextOf(requestId, handlerTimeoutMs)));
  };

  const server = createServer(
    {
      requestTimeout: arrivalTimeoutMs,
      headersTimeout: arrivalTimeoutMs,
      connectionsCheckingInterval: Math.min(arrivalTimeoutMs, 1_000),
    },
    (request, response) => {
      if (active >= concurrency) return sendOwn(response, 503, 'Service Unavailable');
      active += 1;
      serve(request, response)
        .catch((error: unknown) => {
          if (response.headersSent || response.destroyed) response.destroy();
          else if (error instanceof BodyTooLarge) sendOwn(response, 413, 'Request Entity Too Large');
          else sendOwn(response, 500, 'Internal Server Error');
        })
        .finally(() => {
          active -= 1;
        });
    },
  );
  answerBrokenRequests(server);

  return {
    listen: (port, host = '127.0.0.1') =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          const found = (server.address() as AddressInfo).port;
          resolve({ port: found, url: `http://${host}:${found}` });
        });
      }),
    close: (graceMs = 5_000) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function pathOf(request: IncomingMessage): string {
  const path = (request.url ?? '/').split('?', 1)[0];
  return path === undefined || path === '' ? '/' : path;
}

function contextOf(requestId: string, timeoutMs: number): Context {
  const end = performance.now() + timeoutMs;
  return {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'local',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:local:000000000000:function:local',
    memoryLimitInMB: '1024',
    logGroupName: 'local',
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, end - performance.now()),
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}

function send(response: ServerResponse, reply: Reply): void {
  response.statusCode = reply.statusCode ?? 200;
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, String(value));
  if (reply.cookies !== undefined) response.setHeader('set-cookie', reply.cookies);
  response.end(Buffer.from(reply.body ?? '', reply.isBase64Encoded === true ? 'base64' : 'utf8'));
}

/** What API Gateway says by itself, in its own words: no problem document. */
function sendOwn(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ message }));
}

/** A request that never became one: too slow, too large a head, or no HTTP. */
function answerBrokenRequests(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
    const [status, message] = BROKEN[error.code ?? ''] ?? [400, 'Bad Request'];
    const body = JSON.stringify({ message });
    const head = `HTTP/1.1 ${status} ${message}\r\nconnection: close\r\ncontent-type: application/json\r\n`;
    socket.end(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  });
}

const BROKEN: Readonly<Record<string, readonly [number, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
};
