import type { Clock } from '../../core/ports.ts';
import { Bucket, type BucketShape, believedShape, PUBLISHED_BUCKET } from './bucket.ts';
import type { BelievedLevel, BucketLease, TokenGrant } from './bucket-lease.ts';

/** What a refusal leaves of the model: half (multiplicative decrease). */
const DECREASE = 0.5;
/** What each second without a refusal gives back of it (additive increase): 25 s from one half to the whole. */
const INCREASE_PER_SECOND = 0.02;
/** The model never falls below this part of the published bucket, so that it can find its way back. */
const LEAST = 0.02;
/** A restored level never holds calls back longer than this, however wrong the clocks are. */
const LONGEST_HOLD_MS = 60_000;

/** This process's own model of an account's bucket. It alone decides, so it answers at once. */
export class LocalBucket implements BucketLease {
  readonly #clock: Clock;
  readonly #full: BucketShape;
  readonly #bucket: Bucket;
  #underWay = 0;
  #factor = 1;
  #factorAt: number;
  #correctedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, published: BucketShape = PUBLISHED_BUCKET) {
    this.#clock = clock;
    this.#full = believedShape(published, 1);
    this.#bucket = new Bucket(this.#full, clock.monotonic());
    this.#factorAt = clock.monotonic();
  }

  rate(): number {
    this.#recover(this.#clock.monotonic());
    return this.#bucket.shape.rate;
  }

  burst(): number {
    return this.#bucket.level(this.#clock.monotonic());
  }

  take(wanted: number): TokenGrant {
    const now = this.#clock.monotonic();
    this.#recover(now);
    let tokens = 0;
    while (tokens < wanted && this.#bucket.take(now)) tokens++;
    this.#setUnderWay(this.#underWay + tokens, now);
    return {
      tokens,
      validUntil: Number.POSITIVE_INFINITY,
      retryInMs: tokens > 0 ? 0 : this.#bucket.msUntilToken(now),
    };
  }

  answered(): void {
    this.#setUnderWay(this.#underWay - 1, this.#clock.monotonic());
  }

  giveBack(tokens: number): void {
    const now = this.#clock.monotonic();
    this.#setUnderWay(this.#underWay - tokens, now);
    this.#bucket.putBack(tokens, now);
  }

  rateLimited(pauseMs: number, sentAt: number): void {
    const now = this.#clock.monotonic();
    this.#recover(now);
    this.#bucket.holdEmpty(now, now + pauseMs);
    if (sentAt < this.#correctedAt) return;
    this.#correctedAt = now;
    this.#setFactor(Math.max(LEAST, this.#factor * DECREASE), now);
    this.#factorAt = now + pauseMs;
  }

  believed(): BelievedLevel {
    const now = this.#clock.monotonic();
    const level = this.#bucket.level(now);
    return { level, atMs: this.#clock.now() + (this.#bucket.refillsFrom(now) - now) };
  }

  restore(believed: BelievedLevel): void {
    const now = this.#clock.monotonic();
    const ahead = Math.min(LONGEST_HOLD_MS, believed.atMs - this.#clock.now());
    this.#bucket.restore(believed.level, now + ahead, now);
  }

  #setUnderWay(calls: number, now: number): void {
    this.#underWay = Math.max(0, calls);
    this.#bucket.setUnderWay(this.#underWay, now);
  }

  #recover(now: number): void {
    if (this.#factor === 1 || now <= this.#factorAt) return;
    const gained = ((now - this.#factorAt) / 1000) * INCREASE_PER_SECOND;
    this.#factorAt = now;
    this.#setFactor(Math.min(1, this.#factor + gained), now);
  }

  #setFactor(factor: number, now: number): void {
    this.#factor = factor;
    this.#bucket.reshape(
      { size: Math.max(1, this.#full.size * factor), rate: this.#full.rate * factor },
      now,
    );
  }
}
