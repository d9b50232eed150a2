import type { IncomingMessage, ServerResponse } from 'node:http';
import { fail } from './errors.ts';
import type { Answer } from './router.ts';
import type { Fault } from './types.ts';

const LARGEST_BODY = 10 * 1024 * 1024;
const EMPTY = Buffer.alloc(0);

/** The whole body, or undefined when it is larger than the API takes (10 MB). */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const { headers } = request;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return EMPTY;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= LARGEST_BODY) chunks.push(chunk);
  }
  return size > LARGEST_BODY ? undefined : Buffer.concat(chunks);
}

/**
 * The body as JSON, or undefined when there is none.
 * @throws {ApiError} 400
 */
export function parseBody(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw fail(400, 'invalid_json', 'The body is not JSON.');
  }
}

/** Writes an answer whose body is text already. Nothing happens when the client is gone. */
export function writeAnswer(response: ServerResponse, answer: Answer, text: string | undefined): void {
  if (response.destroyed) return;
  if (text === undefined) {
    response.writeHead(answer.status, answer.headers);
    response.end();
    return;
  }
  const bytes = Buffer.from(text, 'utf8');
  response.writeHead(answer.status, {
    ...answer.headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes.length,
  });
  response.end(bytes);
}

/** The answer to a call beyond the rate limit. */
export function tooMany(seconds: number): Answer {
  const message = `Too many requests. Retry after ${seconds} seconds.`;
  return {
    status: 429,
    headers: { 'retry-after': String(seconds) },
    body: fail(429, 'rate_limited', message).body(),
  };
}

/** The answer that a fault asks for. */
export function faulty({ status = 500, code, message, headers = {} }: Fault): Answer {
  const error = fail(status, code ?? 'injected_fault', message ?? 'This went wrong on purpose.');
  return { status, headers, body: error.body() };
}
