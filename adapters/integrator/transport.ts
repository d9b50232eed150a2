import ky, { isTimeoutError } from 'ky';
import type { Answer, Exchange } from './exchange.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** One try of a call. */
export interface Try {
  method: Method;
  /** Whole address, query included. */
  url: string;
  /** Sent as JSON; `undefined`: no body. */
  body?: unknown;
  token: string;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/** No answer, or one that broke off. `sent: false` only where the request surely never left. */
export interface Lost {
  reason: string;
  sent: boolean;
}

/** Failures to connect: whatever they were about, nothing of the request was sent. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Sends a call once, through ky, and reads its whole answer. Repeating is left to the caller, who must take a
 * token for each try.
 */
export async function send(attempt: Try, exchange: Exchange): Promise<Answer | Lost> {
  const { method, url, token, timeoutMs, signal } = attempt;
  const body = attempt.body === undefined ? undefined : JSON.stringify(attempt.body);
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  let answer: Answer | undefined;
  try {
    await ky(url, {
      timeout: timeoutMs,
      retry: 0,
      throwHttpErrors: false,
      ...(signal === undefined ? {} : { signal }),
      // Request and answer go past ky: as a Request and a Response their bodies would become streams, which costs
      // more than the rest of the call.
      fetch: async (request) => {
        const { signal } = request as Request;
        answer = await exchange({ method: method.toUpperCase(), url, headers, body, signal });
        return new Response(null);
      },
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (isTimeoutError(error)) return { reason: `no answer within ${timeoutMs} ms`, sent: true };
    const code = codeIn(error);
    return {
      reason: `connection lost${code === undefined ? '' : ` (${code})`}`,
      sent: code === undefined || !NEVER_SENT.has(code),
    };
  }
  return answer ?? { reason: 'no answer', sent: true };
}

/**
 * The system's error code, however deep it lies. Nothing else of these errors is kept: they hold the request, and
 * with it the token.
 */
function codeIn(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 5) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  const inner = 'errors' in error && Array.isArray(error.errors) ? error.errors[0] : undefined;
  return codeIn(inner ?? ('cause' in error ? error.cause : undefined), depth + 1);
}
