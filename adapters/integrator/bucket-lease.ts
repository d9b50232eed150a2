/** Tokens that were granted, and what to do where there were none. */
export interface TokenGrant {
  /** From 0 up to what was asked for. */
  tokens: number;
  /** Monotonic time (ms) after which unused tokens are void. */
  validUntil: number;
  /** When nothing was granted: milliseconds after which asking again makes sense. */
  retryInMs: number;
}

/**
 * Where a gate gets its tokens from: the process's own model of the bucket, or a block leased from one that
 * several processes share. An answer may come at once or later.
 */
export interface BucketLease {
  /** Tokens a second this source gives in the long run, as it believes now. */
  rate(): number;
  /** Tokens that could be used at once, about: what is in the bucket and what this source holds of it. */
  burst(): number;
  /** A promise that is rejected counts as nothing granted; the gate asks again after a second. */
  take(wanted: number): TokenGrant | Promise<TokenGrant>;
  /** A call that had a token was answered, or given up: from now on its token surely counts as used. */
  answered(): void;
  /** Puts unused tokens back. */
  giveBack(tokens: number): void;
  /**
   * integrator.io answered 429: nothing may be granted for `pauseMs`, and the model was too generous.
   * `sentAt` (monotonic ms) is when that call went out: calls sent before the last correction tell nothing new.
   */
  rateLimited(pauseMs: number, sentAt: number): void;
  /** Tokens believed to be there, and the wall time (ms) from which they refill. */
  believed(): BelievedLevel;
  /** Goes on from what an earlier process believed. Never makes the source more generous. */
  restore(level: BelievedLevel): void;
}

/** A bucket's level, in a form that outlives the process. */
export interface BelievedLevel {
  level: number;
  /** Wall time, ms since the epoch. */
  atMs: number;
}
