import type { RateLimiter } from '../../adapters/limits/index.ts';
import type { Middleware } from './call.ts';
import { ProblemError } from './problem.ts';

/** Holds every key to its own rate; API Gateway only knows one for all of them together. */
export function throttle({ keyLimiter }: { keyLimiter?: RateLimiter | undefined }): Middleware {
  return {
    before: async ({ context: { call } }) => {
      if (call.key !== undefined) await checkRate(keyLimiter, call.key.id, 'The key');
    },
  };
}

/** `throttled`, with the seconds to wait, unless the limiter lets this one through. */
export async function checkRate(limiter: RateLimiter | undefined, id: string, who: string): Promise<void> {
  const verdict = await limiter?.take(id);
  if (verdict === undefined || verdict.allowed) return;
  throw new ProblemError('throttled', `${who} calls more often than it may.`, {
    headers: { 'retry-after': String(verdict.retryAfterSeconds) },
  });
}
