import { Bucket, type BucketShape } from './bucket.ts';
import { Fifo } from './fifo.ts';

/** A call that waits to be let through. */
export interface Waiter {
  pass(): void;
  /** Set when the caller gave up; such a waiter is stepped over. */
  gone: boolean;
}

/**
 * The least that a share weighs: about what one call a second, which the smallest share has, is of an account's rate.
 * Without it a share near nothing would count its calls as infinitely many, and all that come after as well.
 */
const LEAST_WEIGHT = 1 / 300;

/** One opener's way through an account's gate: its own queue and its own share of the bucket. */
export class Lane {
  readonly share: number;
  readonly shape: BucketShape;
  readonly waiters = new Fifo<Waiter>();
  readonly #bucket: Bucket;
  /** Calls let through, weighed by the share: of the lanes that could go, the one that had least goes first. */
  served = 0;

  /** `level`: tokens of the share that are left at the start. */
  constructor(share: number, shape: BucketShape, level: number, nowMs: number) {
    this.share = share;
    this.shape = shape;
    this.#bucket = new Bucket(shape, nowMs, level);
  }

  /** Whether a call waits here, after dropping those that were given up. */
  isWaiting(): boolean {
    while (this.waiters.first()?.gone) this.waiters.shift();
    return this.waiters.first() !== undefined;
  }

  msUntilToken(nowMs: number): number {
    return this.#bucket.msUntilToken(nowMs);
  }

  /** Lets the first call through. */
  serve(nowMs: number): void {
    this.#bucket.take(nowMs);
    this.served += 1 / Math.max(this.share, LEAST_WEIGHT);
    this.waiters.shift()?.pass();
  }
}
