import { randomUUID } from 'node:crypto';
import type { Clock } from '../../core/ports.ts';
import { type BucketShape, believedShape, PUBLISHED_BUCKET } from '../integrator/bucket.ts';
import type { BelievedLevel, BucketLease, TokenGrant } from '../integrator/bucket-lease.ts';
import { advanced, freshLevel, refused, type SharedLevel, shapeOf } from '../integrator/shared-level.ts';
import type { RecordStore } from '../records.ts';

export interface RateLeaseOptions {
  records: RecordStore;
  /** What the account is known by, the same for all who share its bucket. Asked for once. */
  accountKey: () => Promise<string>;
  clock: Clock;
  /** The account's bucket as integrator.io has it; default: the published one. */
  bucket?: BucketShape | undefined;
}

const COLLECTION = 'rates';
/** Tokens of a block when none are in stock, in seconds of the rate and as part of the bucket: the lesser counts. */
const BLOCK_SECONDS = 0.2;
const BLOCK_PART = 1 / 8;
/** How far ahead tokens are promised, in seconds: what a worker that dies then keeps from the others. */
const MOST_AHEAD_SECONDS = 0.5;
/** How long tokens are good for once they could be used, ms; a worker that was stopped meanwhile must ask anew. */
const GOOD_FOR_MS = 2_000;
/** Tokens nobody wanted for so long (ms) go back. */
const IDLE_MS = 250;
/** Writes of a record that others keep moving are tried so often. */
const TRIES = 20;
/** What is believed is brought up to date at most so often, ms: a call's answer changes little. */
const STEP_MS = 5;
/** A bucket that nobody touched for so long is full: its record may go. */
const KEEP_SECONDS = 86_400;

/** How many tokens a block has that are fetched while the one before is used. */
function blockOf({ size, rate }: BucketShape): number {
  return Math.max(1, Math.floor(Math.min(rate * BLOCK_SECONDS, size * BLOCK_PART)));
}

/** Tokens of one block: the first are there, the rest flow in at the bucket's rate. */
interface Block {
  left: number;
  /** Monotonic ms at which the next token can be used. */
  nextAt: number;
  perToken: number;
  /** Monotonic ms after which none can. */
  until: number;
}

/**
 * Tokens from a bucket that several workers share, in blocks: a record holds the level they all believe in, and
 * each block is taken from it by a conditional write. Tokens still to flow in are promised to one worker at a time,
 * so that together they go at the bucket's rate and none waits for the table: the next block is fetched while one
 * is used. The record outlives every process, and with it what is believed of the bucket.
 */
export function createRateLease(options: RateLeaseOptions): BucketLease {
  return new RateLease(options);
}

class RateLease implements BucketLease {
  readonly #records: RecordStore;
  readonly #clock: Clock;
  readonly #full: BucketShape;
  readonly #askKey: () => Promise<string>;
  readonly #worker = randomUUID();
  #key: Promise<string> | undefined;
  #blocks: Block[] = [];
  /** How many tokens the newest block had: the next is fetched when half of it is used. */
  #newest = 0;
  #underWay = 0;
  #seen: { state: SharedLevel; version: string } | undefined;
  #fetching: Promise<void> | undefined;
  #waitUntil = 0;
  #flowedAt = 0;
  #stands = false;
  #usedAt = 0;
  #watched = false;

  constructor({ records, accountKey, clock, bucket = PUBLISHED_BUCKET }: RateLeaseOptions) {
    this.#records = records;
    this.#clock = clock;
    this.#askKey = accountKey;
    this.#full = believedShape(bucket, 1);
  }

  rate(): number {
    return this.#seen ? shapeOf(this.#full, this.#seen.state).rate : this.#full.rate;
  }

  burst(): number {
    let tokens = Math.max(0, this.#seen?.state.level ?? this.#full.size);
    for (const { left, perToken } of this.#blocks) if (perToken === 0) tokens += left;
    return tokens;
  }

  take(wanted: number): TokenGrant | Promise<TokenGrant> {
    const grant = this.#fromBlocks(wanted);
    if (grant !== undefined) return grant;
    return this.#fetch().then(() => this.#fromBlocks(wanted) ?? this.#none());
  }

  answered(): void {
    this.#flow(this.#clock.monotonic());
    this.#advance();
    this.#underWay = Math.max(0, this.#underWay - 1);
  }

  giveBack(tokens: number): void {
    this.#underWay = Math.max(0, this.#underWay - tokens);
    const now = this.#clock.monotonic();
    this.#flow(now);
    this.#blocks.unshift({ left: tokens, nextAt: now, perToken: 0, until: now + GOOD_FOR_MS });
    this.#watch();
  }

  rateLimited(pauseMs: number, sentAt: number): void {
    const monotonic = this.#clock.monotonic();
    const sentWall = this.#clock.now() - (monotonic - sentAt);
    this.#blocks = [];
    this.#waitUntil = monotonic + pauseMs;
    this.#write((state, now) => {
      const mine = { tokens: this.#underWay, until: now + GOOD_FOR_MS };
      const leases = { ...state.leases, [this.#worker]: mine };
      return refused({ ...state, leases }, now, pauseMs, sentWall);
    }).catch(() => undefined);
  }

  believed(): BelievedLevel {
    const now = this.#clock.now();
    if (this.#seen === undefined) return { level: this.#full.size, atMs: now };
    const { level, at } = advanced(this.#seen.state, this.#full, now);
    return { level: Math.max(0, level), atMs: at };
  }

  /** Nothing to do: the record is what outlives the process. */
  restore(): void {}

  /** Tokens that are there by now; `undefined` when the table must be asked first. */
  #fromBlocks(wanted: number): TokenGrant | undefined {
    const now = this.#clock.monotonic();
    this.#flow(now);
    this.#blocks = this.#blocks.filter(({ left, until }) => left > 0 && until > now);
    let tokens = 0;
    for (const block of this.#blocks) {
      while (tokens < wanted && block.left > 0 && block.nextAt <= now) {
        block.left -= 1;
        block.nextAt += block.perToken;
        tokens += 1;
        this.#underWay += 1;
      }
    }
    if (tokens > 0) this.#usedAt = now;
    if (
      this.#held() < Math.max(blockOf(this.#full), this.#newest) / 2 &&
      now >= this.#waitUntil &&
      this.#seen !== undefined
    ) {
      this.#fetch().catch(() => undefined);
    }
    if (tokens > 0) return { tokens, validUntil: now + GOOD_FOR_MS, retryInMs: 0 };
    if (now < this.#waitUntil) return { tokens: 0, validUntil: 0, retryInMs: this.#waitUntil - now };
    const soonest = Math.min(...this.#blocks.filter(({ left }) => left > 0).map(({ nextAt }) => nextAt));
    return Number.isFinite(soonest)
      ? { tokens: 0, validUntil: 0, retryInMs: Math.max(1, soonest - now) }
      : undefined;
  }

  #none(): TokenGrant {
    return { tokens: 0, validUntil: 0, retryInMs: Math.max(10, this.#waitUntil - this.#clock.monotonic()) };
  }

  /**
   * Brings the blocks up to now. While as many tokens are held and under way as the bucket takes, integrator.io's
   * own may still be full and gain nothing: that time does not count for tokens still to flow in.
   */
  #flow(now: number): void {
    if (this.#stands)
      for (const block of this.#blocks) if (block.perToken > 0) block.nextAt += now - this.#flowedAt;
    this.#flowedAt = now;
    this.#stands = this.#isFull();
  }

  #isFull(): boolean {
    if (this.#seen === undefined) return false;
    const { state } = this.#seen;
    let out = this.#underWay;
    for (const { left, perToken } of this.#blocks) if (perToken === 0) out += left;
    const now = this.#clock.now();
    for (const [worker, { tokens, until }] of Object.entries(state.leases)) {
      if (worker !== this.#worker && until > now) out += tokens;
    }
    return out >= shapeOf(this.#full, state).size;
  }

  /**
   * Brings what is believed up to now with what this worker has out at each moment. Only at the next block would it
   * be reckoned with all that the last block began with, and the bucket seem to gain nothing while that was used.
   */
  #advance(): void {
    const seen = this.#seen;
    const now = this.#clock.now();
    if (seen === undefined || now - seen.state.at < STEP_MS) return;
    const state = advanced(seen.state, this.#full, now);
    const until = now + MOST_AHEAD_SECONDS * 1000 + GOOD_FOR_MS;
    const mine = { tokens: this.#held() + this.#underWay, until };
    this.#seen = { ...seen, state: { ...state, leases: { ...state.leases, [this.#worker]: mine } } };
  }

  #held(): number {
    return this.#blocks.reduce((sum, { left }) => sum + left, 0);
  }

  #fetch(): Promise<void> {
    this.#fetching ??= this.#fetchBlock().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetchBlock(): Promise<void> {
    let before = 0;
    let block = 0;
    const state = await this.#write((known, now) => {
      const { rate } = shapeOf(this.#full, known);
      before = known.level;
      const ahead = Math.floor(rate * MOST_AHEAD_SECONDS);
      const most = Math.floor(before + ahead);
      block = Math.max(
        0,
        Math.min(
          most,
          Math.max(Math.min(blockOf(shapeOf(this.#full, known)), ahead), Math.floor(before / 2)),
        ),
      );
      // A record that was held by a refusal says when tokens flow again.
      const until = Math.max(now, known.at) + MOST_AHEAD_SECONDS * 1000 + GOOD_FOR_MS;
      const tokens = this.#held() + this.#underWay + block;
      return {
        ...known,
        level: before - block,
        leases: { ...known.leases, [this.#worker]: { tokens, until } },
      };
    });
    const now = this.#clock.monotonic();
    const { rate } = shapeOf(this.#full, state);
    const held = Math.max(0, state.at - this.#clock.now());
    if (block <= 0) {
      // The next half second is promised to others.
      this.#waitUntil = Math.max(this.#waitUntil, now + held + 50);
      return;
    }
    this.#newest = block;
    const perToken = 1000 / rate;
    this.#flow(now);
    const ready = Math.max(0, Math.min(block, Math.floor(before)));
    const until = now + held + MOST_AHEAD_SECONDS * 1000 + GOOD_FOR_MS;
    if (ready > 0) this.#blocks.push({ left: ready, nextAt: now + held, perToken: 0, until });
    if (block > ready) {
      const nextAt = now + held + Math.max(0, 1 - (before - ready)) * perToken;
      this.#blocks.push({ left: block - ready, nextAt, perToken, until });
    }
    this.#stands = this.#isFull();
    this.#watch();
  }

  /** Changes the record by a conditional write, as often as others came first. */
  async #write(change: (state: SharedLevel, now: number) => SharedLevel): Promise<SharedLevel> {
    this.#key ??= this.#askKey();
    const key = await this.#key.catch((error: unknown) => {
      this.#key = undefined;
      throw error;
    });
    for (let tries = 0; tries < TRIES; tries += 1) {
      const known = this.#seen ?? (await this.#read(key));
      const now = this.#clock.now();
      const state = change(known ? advanced(known.state, this.#full, now) : freshLevel(this.#full, now), now);
      const ifVersion = known?.version ?? 'absent';
      const version = await this.#records.put(COLLECTION, key, state, {
        ifVersion,
        ttlSeconds: KEEP_SECONDS,
      });
      this.#seen = version === undefined ? undefined : { state, version };
      if (version !== undefined) return state;
    }
    throw new Error('The rate lease could not be written: others keep moving it.');
  }

  async #read(key: string): Promise<{ state: SharedLevel; version: string } | undefined> {
    const record = await this.#records.get<SharedLevel>(COLLECTION, key);
    return record && { state: record.value, version: record.version };
  }

  /** Gives back what nobody wanted for a while. */
  #watch(): void {
    if (this.#watched) return;
    this.#watched = true;
    this.#clock.sleep(IDLE_MS).then(() => {
      this.#watched = false;
      const now = this.#clock.monotonic();
      const unused = this.#blocks.reduce((sum, { left, until }) => sum + (until > now ? left : 0), 0);
      if (unused === 0) return;
      if (this.#underWay > 0 || now - this.#usedAt < IDLE_MS) return this.#watch();
      this.#blocks = [];
      this.#write((state) => {
        const { [this.#worker]: _mine, ...leases } = state.leases;
        const { size } = shapeOf(this.#full, state);
        return { ...state, leases, level: Math.min(size, state.level + unused) };
      }).catch(() => undefined);
    });
  }
}
