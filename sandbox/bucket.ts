/** Size and refill of an account's leaky bucket. */
export interface BucketOptions {
  /** How many calls may come at once, when the bucket is full. */
  size: number;
  /** How many calls a second flow back. */
  refillPerSecond: number;
}

/**
 * The rate limit of one account: a call takes one token, tokens flow back evenly.
 * Time is given in milliseconds of a clock that never goes back.
 */
export class Bucket {
  readonly #size: number;
  readonly #perMillisecond: number;
  #level: number;
  #at: number;

  constructor(options: BucketOptions, now: number) {
    this.#size = options.size;
    this.#perMillisecond = options.refillPerSecond / 1000;
    this.#level = options.size;
    this.#at = now;
  }

  /**
   * Takes one token.
   * @returns 0 when there was one, else after how many whole seconds there will be one (at least 1)
   */
  take(now: number): number {
    this.#level = Math.min(this.#size, this.#level + (now - this.#at) * this.#perMillisecond);
    this.#at = now;
    if (this.#level >= 1) {
      this.#level -= 1;
      return 0;
    }
    return Math.max(1, Math.ceil((1 - this.#level) / this.#perMillisecond / 1000));
  }
}

/** Tells whether both figures are numbers above zero and nothing else is there. */
export function isBucketOptions(value: unknown): value is BucketOptions {
  if (typeof value !== 'object' || value === null) return false;
  const { size, refillPerSecond, ...rest } = value as Record<string, unknown>;
  return (
    typeof size === 'number' &&
    size >= 1 &&
    typeof refillPerSecond === 'number' &&
    refillPerSecond > 0 &&
    Object.keys(rest).length === 0
  );
}
