import ky, { isTimeoutError } from 'ky';

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

/** An answer with its whole body. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** No answer, or one that broke off. `sent: false` only where the request surely never left. */
export interface Lost {
  reason: string;
  sent: boolean;
}

/** What the platform's `fetch` is, called with an address, a text as body, and a signal. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

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
 * token for each try; redirects are not followed, so that the token goes to no other host.
 */
export async function send(attempt: Try, fetch: Fetch): Promise<Answer | Lost> {
  const { method, url, body, token, timeoutMs, signal } = attempt;
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const init = { method: method.toUpperCase(), headers, redirect: 'manual' } as const;
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  let answered = false;
  try {
    const pending = ky(url, {
      ...init,
      timeout: timeoutMs,
      retry: 0,
      throwHttpErrors: false,
      ...(signal === undefined ? {} : { signal }),
      // The body goes past ky: in a Request it would become a stream, which costs more than the rest of the call.
      fetch: (request) => fetch(url, { ...init, ...json, signal: (request as Request).signal }),
    });
    const response = await pending;
    answered = true;
    return { status: response.status, headers: response.headers, text: await pending.text() };
  } catch (error) {
    signal?.throwIfAborted();
    if (isTimeoutError(error)) return { reason: `no answer within ${timeoutMs} ms`, sent: true };
    const code = codeIn(error);
    return {
      reason: `connection lost${code === undefined ? '' : ` (${code})`}`,
      sent: answered || code === undefined || !NEVER_SENT.has(code),
    };
  }
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
