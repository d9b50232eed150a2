import type { Middleware, MiddlewareRequest } from './call.ts';

/** An API's answers are data: not to be stored, guessed at, framed or loaded from. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
} as const;

/** Puts the security headers on every answer, those of errors included. */
export function securityHeaders(): Middleware {
  const answer = ({ response }: MiddlewareRequest): void => {
    if (response) response.headers = { ...HEADERS, ...response.headers };
  };
  return { after: answer, onError: answer };
}
