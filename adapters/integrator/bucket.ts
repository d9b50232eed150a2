/**
 * integrator.io's limit of an account: a leaky bucket of 1,000 tokens, refilled at 300 a second, one token a call.
 */
export const PUBLISHED_BUCKET: BucketShape = { size: 1000, rate: 300 };

/** A bucket's measures: tokens it holds at most, and tokens it gains a second. */
export interface BucketShape {
  size: number;
  rate: number;
}

/** Nobody may believe in more of the burst than this: the last twentieth is where refusals come from. */
const MOST_OF_THE_BURST = 0.95;
/** Nobody may believe in more of the rate than this: clocks and networks are not exact. */
const MOST_OF_THE_RATE = 0.99;
/** However small the share, work goes on: one call a second is a three-hundredth of what an account has. */
const LEAST_RATE = 1;

/**
 * What of an account's bucket an opener with this share believes to be its own:
 * `min(share, 0.95)` of the burst and `min(share, 0.99)` of the rate, at least one call and one call a second.
 */
export function believedShape(shape: BucketShape, share: number): BucketShape {
  return {
    size: Math.max(1, shape.size * Math.min(share, MOST_OF_THE_BURST)),
    rate: Math.max(Math.min(LEAST_RATE, shape.rate), shape.rate * Math.min(share, MOST_OF_THE_RATE)),
  };
}

/**
 * A token bucket on a clock that its user brings along (monotonic milliseconds).
 *
 * In any window of w seconds it grants at most `size + rate * w` tokens, for the greatest size and rate it had.
 */
export class Bucket {
  #shape: BucketShape;
  #level: number;
  /** The level is true for this moment. It may lie ahead: until then nothing flows in and nothing is granted. */
  #at: number;
  #underWay = 0;

  constructor(shape: BucketShape, nowMs: number, level = shape.size) {
    this.#shape = shape;
    this.#level = Math.min(shape.size, Math.max(0, level));
    this.#at = nowMs;
  }

  get shape(): BucketShape {
    return this.#shape;
  }

  /** Tokens there are now. */
  level(nowMs: number): number {
    this.#refill(nowMs);
    return this.#level;
  }

  /** The moment from which the level refills: now, or later while the bucket is held empty. */
  refillsFrom(nowMs: number): number {
    return Math.max(this.#at, nowMs);
  }

  /** Takes one token, if there is one. */
  take(nowMs: number): boolean {
    if (!this.has(nowMs)) return false;
    this.#level -= 1;
    return true;
  }

  /** Whether a token can be taken now. */
  has(nowMs: number): boolean {
    this.#refill(nowMs);
    return nowMs >= this.#at && this.#level >= 1;
  }

  /** Puts back tokens that were taken and not used. */
  putBack(tokens: number, nowMs: number): void {
    this.#refill(nowMs);
    this.#level = Math.min(this.#shape.size, this.#level + tokens);
  }

  /**
   * Says how many tokens were taken for calls that are not answered yet. The bucket is not refilled above what they
   * leave of its size: integrator.io's own may still be full while they travel, and then gains nothing either.
   * With that, no delay on the way can make the level believed in higher than the true one. Only half of the size
   * may be withheld like this: a small bucket would otherwise be slowed down to the pace of its answers.
   */
  setUnderWay(calls: number, nowMs: number): void {
    this.#refill(nowMs);
    this.#underWay = calls;
  }

  /** Milliseconds until there will be a token. */
  msUntilToken(nowMs: number): number {
    if (this.has(nowMs)) return 0;
    const held = Math.max(0, this.#at - nowMs);
    return held + (Math.max(0, 1 - this.#level) / this.#shape.rate) * 1000;
  }

  /** Empties the bucket and lets nothing flow in before `untilMs`. */
  holdEmpty(nowMs: number, untilMs: number): void {
    this.#refill(nowMs);
    this.#level = 0;
    this.#at = Math.max(this.#at, untilMs);
  }

  /** Changes size and rate; what is above the new size is lost. */
  reshape(shape: BucketShape, nowMs: number): void {
    this.#refill(nowMs);
    this.#shape = shape;
    this.#level = Math.min(this.#level, shape.size);
  }

  /** Believes in a level that was true at `atMs`, if that is less than is believed now. Never adds tokens. */
  restore(level: number, atMs: number, nowMs: number): void {
    this.#refill(nowMs);
    const since = (Math.max(0, nowMs - atMs) / 1000) * this.#shape.rate;
    this.#level = Math.min(this.#level, Math.max(0, level) + since);
    this.#at = Math.max(this.#at, atMs);
  }

  #refill(nowMs: number): void {
    if (nowMs <= this.#at) return;
    const { size, rate } = this.#shape;
    const gained = ((nowMs - this.#at) / 1000) * rate;
    const most = Math.max(1, size - Math.min(this.#underWay, size / 2));
    this.#level = Math.max(this.#level, Math.min(most, this.#level + gained));
    this.#at = nowMs;
  }
}
