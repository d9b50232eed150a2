import type { Clock } from '../../core/ports.ts';
import { type BucketShape, believedShape, PUBLISHED_BUCKET } from './bucket.ts';
import type { BelievedLevel, BucketLease, TokenGrant } from './bucket-lease.ts';
import { Lane, type Waiter } from './lane.ts';
import { LocalBucket } from './local-bucket.ts';

export interface GateOptions {
  clock: Clock;
  /** The account's bucket as integrator.io has it; default: the published one, 1,000 and 300 a second. */
  bucket?: BucketShape | undefined;
  /** Where tokens come from; default: a model of the bucket in this process. */
  lease?: BucketLease | undefined;
  /** Calls under way that are always allowed, whatever the latency; default 48. */
  inFlightFloor?: number | undefined;
  /** Calls under way that are never exceeded; default 256. */
  inFlightCeiling?: number | undefined;
}

/** Weight of the newest latency in the moving average. */
const NEWEST = 0.1;
/** Room above Little's law: latencies scatter around their average. */
const HEADROOM = 1.5;

/**
 * The one gate of an account: every call to it passes here, whoever makes it.
 *
 * A call passes when its lane and the account have a token, fewer calls are under way than the measured latency
 * asks for (Little's law: pace × latency), and the account is not paused by a 429. Among lanes that could go,
 * the one that had least in proportion to its share goes first; within a lane the order is that of arrival.
 */
export class Gate {
  readonly #clock: Clock;
  readonly #published: BucketShape;
  readonly #lease: BucketLease;
  readonly #floor: number;
  readonly #ceiling: number;
  readonly #lanes = new Set<Lane>();
  #inFlight = 0;
  #latencyMs: number | undefined;
  /** Calls that were answered since the last refusal. */
  #answered = 0;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #stock: TokenGrant = { tokens: 0, validUntil: Number.NEGATIVE_INFINITY, retryInMs: 0 };
  #asking = false;
  /** When the next look at the queue is due; a later one need not be planned. */
  #wakeAt = Number.POSITIVE_INFINITY;
  #served = 0;

  constructor(options: GateOptions) {
    this.#clock = options.clock;
    this.#published = options.bucket ?? PUBLISHED_BUCKET;
    this.#lease = options.lease ?? new LocalBucket(options.clock, this.#published);
    this.#floor = options.inFlightFloor ?? 48;
    this.#ceiling = options.inFlightCeiling ?? 256;
  }

  /**
   * A way through for one opener. What the account has spent already counts against its share, so that openers
   * that follow each other do not each get a burst of their own.
   */
  open(share: number): Lane {
    if (!(share > 0 && share <= 1)) throw new RangeError('a rate share is above 0 and at most 1');
    const shape = believedShape(this.#published, share);
    const spent = believedShape(this.#published, 1).size - this.#lease.believed().level;
    return new Lane(share, shape, shape.size - spent, this.#clock.monotonic());
  }

  /**
   * Calls that may be under way together now: what flows in while one travels (Little's law), and what is in the
   * bucket besides, for nothing is gained by keeping it. Belief alone opens no more than the floor: each answer since
   * the last refusal makes room for one more, so that a bucket others have emptied costs few refusals.
   */
  inFlightLimit(): number {
    const flowsIn = Math.ceil((this.#lease.rate() / 1000) * (this.#latencyMs ?? 0) * HEADROOM);
    const wanted = Math.max(this.#floor, flowsIn + Math.floor(this.#lease.burst()));
    return Math.min(this.#ceiling, wanted, this.#floor + this.#answered);
  }

  /**
   * Resolves when the call may go out; `leave` must follow. Rejects with the signal's reason when it aborts first.
   * `again`: the call was refused with 429 and goes before the others.
   */
  async enter(lane: Lane, signal?: AbortSignal, again = false): Promise<void> {
    signal?.throwIfAborted();
    let onAbort: (() => void) | undefined;
    const passed = new Promise<void>((resolve, reject) => {
      const waiter: Waiter = { pass: resolve, gone: false };
      if (signal !== undefined) {
        onAbort = () => {
          waiter.gone = true;
          reject(signal.reason);
        };
        signal.addEventListener('abort', onAbort, { once: true });
      }
      // A lane that had nothing to do has no claim on what others got meanwhile.
      if (!lane.isWaiting()) lane.served = Math.max(lane.served, this.#served);
      if (again) lane.waiters.unshift(waiter);
      else lane.waiters.push(waiter);
      this.#lanes.add(lane);
    });
    this.#pump();
    try {
      await passed;
    } finally {
      if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
    }
  }

  /** The call has ended; `latencyMs` where it was answered. */
  leave(latencyMs?: number): void {
    this.#inFlight--;
    this.#lease.answered();
    if (latencyMs !== undefined) {
      this.#answered++;
      this.#latencyMs =
        this.#latencyMs === undefined ? latencyMs : this.#latencyMs + NEWEST * (latencyMs - this.#latencyMs);
    }
    this.#pump();
    if (this.#inFlight === 0) this.#putBack();
  }

  /** integrator.io answered 429 to a call sent at `sentAt` (monotonic ms): the whole account waits. */
  rateLimited(pauseMs: number, sentAt: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.monotonic() + pauseMs);
    this.#answered = 0;
    this.#putBack();
    this.#lease.rateLimited(pauseMs, sentAt);
  }

  /** What is believed of the bucket, to be kept for the next process. */
  level(): BelievedLevel {
    const believed = this.#lease.believed();
    return { ...believed, level: believed.level + this.#stock.tokens };
  }

  /** Goes on from what an earlier process believed at `atMs` (wall time). */
  restore(level: number, atMs: number): void {
    this.#lease.restore({ level, atMs });
  }

  #pump(): void {
    for (;;) {
      const now = this.#clock.monotonic();
      if (this.#inFlight >= this.inFlightLimit()) return;
      const lane = this.#nextLane(now);
      if (lane === undefined || !this.#stocked(now)) return;
      this.#stock.tokens--;
      this.#inFlight++;
      this.#served = lane.served;
      lane.serve(now);
    }
  }

  /** The lane whose first call may go now; plans a later look where one must wait. */
  #nextLane(now: number): Lane | undefined {
    let next: Lane | undefined;
    let soonest = Number.POSITIVE_INFINITY;
    for (const lane of this.#lanes) {
      if (!lane.isWaiting()) {
        this.#lanes.delete(lane);
        continue;
      }
      const wait = Math.max(lane.msUntilToken(now), this.#pausedUntil - now);
      if (wait > 0) soonest = Math.min(soonest, wait);
      else if (next === undefined || lane.served < next.served) next = lane;
    }
    if (next === undefined && soonest < Number.POSITIVE_INFINITY) this.#wakeIn(soonest);
    return next;
  }

  /** Whether there is a token in stock; asks for some where there is none. */
  #stocked(now: number): boolean {
    if (this.#stock.tokens > 0 && now < this.#stock.validUntil) return true;
    if (this.#asking) return false;
    const answer = this.#lease.take(this.#wanted());
    if (!(answer instanceof Promise)) return this.#accept(answer);
    this.#asking = true;
    answer
      .catch((): TokenGrant => ({ tokens: 0, validUntil: 0, retryInMs: 1000 }))
      .then((grant) => {
        this.#asking = false;
        if (this.#accept(grant)) this.#pump();
      });
    return false;
  }

  #accept(grant: TokenGrant): boolean {
    this.#stock = { ...grant };
    if (grant.tokens <= 0) this.#wakeIn(grant.retryInMs);
    return grant.tokens > 0;
  }

  /** As many as could go out now: tokens are not hoarded. */
  #wanted(): number {
    let waiting = 0;
    for (const lane of this.#lanes) waiting += lane.waiters.length;
    return Math.max(1, Math.min(waiting, this.inFlightLimit() - this.#inFlight));
  }

  #putBack(): void {
    const { tokens, validUntil } = this.#stock;
    this.#stock = { ...this.#stock, tokens: 0 };
    if (tokens > 0 && this.#clock.monotonic() < validUntil) this.#lease.giveBack(tokens);
  }

  #wakeIn(ms: number): void {
    const wait = Math.max(1, Math.ceil(ms));
    const at = this.#clock.monotonic() + wait;
    if (at >= this.#wakeAt) return;
    this.#wakeAt = at;
    this.#clock.sleep(wait).then(() => {
      if (this.#wakeAt === at) this.#wakeAt = Number.POSITIVE_INFINITY;
      this.#pump();
    });
  }
}
