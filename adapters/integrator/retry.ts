/** How often and how long a call that failed is repeated. Answers of 429 count for neither. */
export interface RetryPolicy {
  /** Repeats at most, after the first try; default 12. */
  limit: number;
  /** Milliseconds spent on failed tries and the waits between them, after which no further one starts; default 60,000. */
  budgetMs: number;
  /** The first wait is up to this many milliseconds, each further one up to twice the one before; default 150. */
  baseMs: number;
  /** No wait is longer than this many milliseconds, unless integrator.io asks for it; default 6,000. */
  capMs: number;
}

/** Eight repeats take at most 21.5 s of waiting with these, twelve at most 45.5 s. */
export const DEFAULT_RETRY: RetryPolicy = { limit: 12, budgetMs: 60_000, baseMs: 150, capMs: 6000 };

/** What makes a client give up after about this many milliseconds of failing, be it by tries that get no answer. */
export function givingUpAfter(ms: number): { retry: Partial<RetryPolicy>; requestTimeoutMs: number } {
  return { retry: { budgetMs: ms }, requestTimeoutMs: ms };
}

/** Exponential backoff with full jitter: anything from nothing to the whole, so that callers do not march in step. */
export function backoffMs(repeat: number, policy: RetryPolicy, random: () => number): number {
  return random() * Math.min(policy.capMs, policy.baseMs * 2 ** repeat);
}

/** What a 429 without a usable Retry-After is taken to ask for. */
export const DEFAULT_RETRY_AFTER_MS = 2000;
/** A longer wait than this can't be meant. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/**
 * Retry-After in milliseconds: whole seconds or an HTTP date (RFC 9110, section 10.2.3), the latter against the
 * server's own clock. `undefined` when missing or neither.
 */
export function retryAfterMs(header: string | null, serverNowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (text === '') return undefined;
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : httpDate(text) - serverNowMs;
  return Number.isFinite(ms) ? Math.min(LONGEST_RETRY_AFTER_MS, Math.max(0, ms)) : undefined;
}

/** `Date.parse` takes nearly anything for a date, "-5" included; an HTTP date begins with a day's name. */
function httpDate(text: string): number {
  return /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
}

/** Statuses that tell of a failure that may pass. */
export function isTransient(status: number): boolean {
  return status >= 500 || status === 408;
}
