import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type BelievedLevel,
  type BucketLease,
  type BucketShape,
  Gate,
  GateRegistry,
  PUBLISHED_BUCKET,
  type TokenGrant,
} from '../../../adapters/integrator/index.ts';
import { LocalBucket } from '../../../adapters/integrator/local-bucket.ts';
import { FakeClock } from './fakeClock.ts';

type Lane = ReturnType<Gate['open']>;

/** integrator.io's side of the limit, counted on its own. */
class Server {
  level: number;
  served = 0;
  refused = 0;
  #at = 0;
  readonly #shape: BucketShape;

  constructor(shape: BucketShape) {
    this.#shape = shape;
    this.level = shape.size;
  }

  /** Whether a call that arrives at `now` is served. */
  serves(now: number): boolean {
    this.level = Math.min(this.#shape.size, this.level + ((now - this.#at) / 1000) * this.#shape.rate);
    this.#at = now;
    if (this.level < 1) {
      this.refused++;
      return false;
    }
    this.level -= 1;
    this.served++;
    return true;
  }
}

/** One call through the gate as the client makes it: repeated while it is refused. */
async function call(gate: Gate, lane: Lane, server: Server, clock: FakeClock, latencyMs = 50): Promise<void> {
  for (let again = false; ; again = true) {
    await gate.enter(lane, undefined, again);
    const sentAt = clock.monotonic();
    const isServed = server.serves(sentAt);
    await clock.sleep(latencyMs);
    if (!isServed) gate.rateLimited(1000, sentAt);
    gate.leave(isServed ? latencyMs : undefined);
    if (isServed) return;
  }
}

async function many(count: number, start: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, start));
}

describe('a gate', () => {
  test('keeps next to the limit at share 1 without a single refusal', async () => {
    const clock = new FakeClock();
    const gate = new Gate({ clock });
    const lane = gate.open(1);
    const server = new Server(PUBLISHED_BUCKET);

    await clock.runUntil(many(2500, () => call(gate, lane, server, clock)));

    const floorMs = ((2500 - 1000) / 300) * 1000;
    expect(server.refused).toBe(0);
    expect(clock.elapsed).toBeLessThan(1.08 * floorMs);
  });

  test('is never refused, however late its calls arrive', async () => {
    // While the first calls are on their way the server's bucket is full and gains nothing: a model that refills
    // meanwhile believes in tokens that are not there.
    const delay = (max: number) => fc.array(fc.integer({ min: 0, max }), { minLength: 1, maxLength: 90 });
    await fc.assert(
      fc.asyncProperty(delay(3000), delay(50), async (firstMs, laterMs) => {
        const clock = new FakeClock();
        const shape = { size: 200, rate: 60 };
        const gate = new Gate({ clock, bucket: shape, inFlightFloor: 90 });
        const lane = gate.open(1);
        const server = new Server(shape);
        let n = 0;
        const arriveLate = async () => {
          await gate.enter(lane);
          const delaysMs = n < 90 ? firstMs : laterMs;
          await clock.sleep(delaysMs[n++ % delaysMs.length] ?? 0);
          server.serves(clock.monotonic());
          gate.leave(50);
        };

        await clock.runUntil(many(450, arriveLate));

        expect(server.refused).toBe(0);
      }),
      { numRuns: 15 },
    );
  });

  test('leaves the rest of the bucket to others at a small share', async () => {
    const clock = new FakeClock();
    const gate = new Gate({ clock });
    const lane = gate.open(0.3);
    const server = new Server(PUBLISHED_BUCKET);
    let lowest = Number.POSITIVE_INFINITY;

    await clock.runUntil(
      many(500, async () => {
        await call(gate, lane, server, clock);
        lowest = Math.min(lowest, server.level);
      }),
    );

    expect(lowest).toBeGreaterThanOrEqual(690);
    expect(clock.elapsed).toBeGreaterThanOrEqual(((500 - 300) / 90) * 1000 - 50);
  });

  test('finds its way under a limit far below the published one', async () => {
    const clock = new FakeClock();
    const gate = new Gate({ clock });
    const lane = gate.open(0.95);
    const server = new Server({ size: 10, rate: 40 });

    await clock.runUntil(many(400, () => call(gate, lane, server, clock)));

    expect(server.served).toBe(400);
    expect(server.refused).toBeLessThan(200);
  });

  test('pauses the whole account for Retry-After, other openers included', async () => {
    const clock = new FakeClock();
    const gate = new Gate({ clock });
    const [one, other] = [gate.open(0.5), gate.open(0.5)];
    await gate.enter(one);
    gate.rateLimited(3000, clock.monotonic());
    gate.leave();
    let passed = false;

    gate.enter(other).then(() => {
      passed = true;
    });

    await clock.advance(2990);
    expect(passed).toBe(false);
    await clock.advance(100);
    expect(passed).toBe(true);
  });

  test('halves its model at a refusal, once for all calls sent before it, and recovers with time', async () => {
    const clock = new FakeClock();
    const lease = new LocalBucket(clock, PUBLISHED_BUCKET);
    const gate = new Gate({ clock, lease });
    await gate.enter(gate.open(1));
    gate.leave(50);
    const rate = (): number => Math.round(lease.rate() / 10) * 10;
    const rates = [rate()];

    gate.rateLimited(0, 0);
    gate.rateLimited(0, -1);
    rates.push(rate());
    await clock.advance(10_000);
    rates.push(rate());
    await clock.advance(60_000);
    rates.push(rate());

    expect(rates).toEqual([300, 150, 210, 300]);
  });

  test('lets more calls be under way while there is a burst to use up', async () => {
    const clock = new FakeClock();
    const gate = new Gate({ clock, inFlightFloor: 1, inFlightCeiling: 10_000 });
    const lane = gate.open(1);
    const seen: number[] = [];

    for (let call = 1; call < 950; call += 1) {
      await gate.enter(lane);
      gate.leave(50);
      if (call === 600 || call === 949) seen.push(gate.inFlightLimit());
    }

    // What flows in within one and a half times the latency, and what is left of the burst.
    const flowsIn = Math.ceil(297 * 0.05 * 1.5);
    expect(seen).toEqual([flowsIn + 350, flowsIn + 1]);
  });

  test('opens up one by one with each answer, from the start and after a refusal', async () => {
    const clock = new FakeClock();
    const gate = new Gate({ clock });
    const lane = gate.open(1);
    const answered = async (calls: number): Promise<number> => {
      for (let call = 0; call < calls; call++) {
        await gate.enter(lane);
        gate.leave(50);
      }
      return gate.inFlightLimit();
    };

    const seen = [gate.inFlightLimit(), await answered(10), await answered(300)];
    gate.rateLimited(0, clock.monotonic());
    seen.push(gate.inFlightLimit());

    expect(seen).toEqual([48, 58, 256, 48]);
  });

  test('bounds calls under way between its floor and its ceiling, by the latency', async () => {
    const clock = new FakeClock();
    const gate = new Gate({ clock });
    const lane = gate.open(1);
    for (let call = 0; call < 950; call++) {
      await gate.enter(lane);
      gate.leave(20);
    }
    const seen = [gate.inFlightLimit()];

    for (const latencyMs of [300, 20_000]) {
      for (let call = 0; call < 100; call++) {
        await clock.advance(1000 / 296.9);
        await gate.enter(lane);
        gate.leave(latencyMs);
      }
      seen.push(gate.inFlightLimit());
    }

    expect(seen).toEqual([48, Math.ceil(297 * 0.3 * 1.5), 256]);
  });

  test('lets no more through than may be under way, and the next when one ends', async () => {
    const clock = new FakeClock();
    const gate = new Gate({ clock, inFlightFloor: 2, inFlightCeiling: 2 });
    const lane = gate.open(1);
    const order: number[] = [];
    for (const n of [1, 2, 3, 4]) gate.enter(lane).then(() => order.push(n));
    await clock.advance(1);
    expect(order).toEqual([1, 2]);

    gate.leave();

    await clock.advance(1);
    expect(order).toEqual([1, 2, 3]);
  });

  test('does not let a lane without tokens hold up another', async () => {
    const clock = new FakeClock();
    const gate = new Gate({ clock, bucket: { size: 100, rate: 10 }, inFlightFloor: 200 });
    const [small, large] = [gate.open(0.01), gate.open(0.9)];
    const passed = { small: 0, large: 0 };
    for (let i = 0; i < 20; i++) gate.enter(small).then(() => passed.small++);
    for (let i = 0; i < 20; i++) gate.enter(large).then(() => passed.large++);

    await clock.advance(1);

    expect(passed).toEqual({ small: 1, large: 20 });
  });

  test('shares what there is among lanes in proportion', async () => {
    const clock = new FakeClock();
    const gate = new Gate({ clock, inFlightFloor: 40, inFlightCeiling: 40 });
    const [small, large] = [gate.open(0.2), gate.open(0.8)];
    const passed = { small: 0, large: 0 };

    for (let i = 0; i < 100; i++) gate.enter(small).then(() => passed.small++);
    for (let i = 0; i < 100; i++) gate.enter(large).then(() => passed.large++);
    for (let round = 0; round < 60; round++) {
      gate.leave();
      await clock.advance(0);
    }

    expect(passed.small + passed.large).toBe(100);
    // The first 40 went before the larger lane had a call at all; of the 60 since then it has four fifths.
    expect(passed.large).toBeGreaterThanOrEqual(47);
  });

  test('shares in proportion still after calls of the smallest share there is', async () => {
    const clock = new FakeClock();
    const gate = new Gate({ clock, inFlightFloor: 40, inFlightCeiling: 40 });
    const tiny = gate.open(Number.MIN_VALUE);
    for (let i = 0; i < 2; i++) {
      await clock.runUntil(gate.enter(tiny));
      gate.leave();
    }
    const [small, large] = [gate.open(0.2), gate.open(0.8)];
    let passedLarge = 0;

    for (let i = 0; i < 100; i++) void gate.enter(small);
    for (let i = 0; i < 100; i++) gate.enter(large).then(() => passedLarge++);
    for (let round = 0; round < 60; round++) {
      gate.leave();
      await clock.advance(0);
    }

    expect(passedLarge).toBeGreaterThanOrEqual(47);
  });

  test('counts what the account has spent against the share of who opens it next', async () => {
    const clock = new FakeClock();
    const gate = new Gate({ clock, bucket: { size: 100, rate: 1 }, inFlightFloor: 200 });
    const first = gate.open(0.5);
    for (let i = 0; i < 50; i++) await gate.enter(first);

    const second = gate.open(0.5);
    let passed = 0;
    for (let i = 0; i < 50; i++) gate.enter(second).then(() => passed++);
    await clock.advance(1);

    expect(passed).toBe(0);
  });

  test('gives a level that the next process goes on from', async () => {
    const clock = new FakeClock();
    const first = new Gate({ clock });
    const lane = first.open(1);
    for (let i = 0; i < 40; i++) await first.enter(lane);
    const kept = first.level();

    const second = new Gate({ clock });
    second.restore(kept.level, kept.atMs);

    expect(kept.level).toBe(910);
    expect(second.level()).toEqual(kept);
  });

  test('keeps a pause in the level it gives', async () => {
    const clock = new FakeClock();
    const first = new Gate({ clock });
    first.rateLimited(5000, 0);
    const kept = first.level();
    const second = new Gate({ clock });
    second.restore(kept.level, kept.atMs);
    let passed = false;

    second.enter(second.open(1)).then(() => {
      passed = true;
    });

    await clock.advance(4990);
    expect(passed).toBe(false);
    await clock.advance(100);
    expect(passed).toBe(true);
  });

  test('lets a waiting call be given up, and steps over it', async () => {
    const clock = new FakeClock();
    const gate = new Gate({ clock, inFlightFloor: 1, inFlightCeiling: 1 });
    const lane = gate.open(1);
    await gate.enter(lane);
    const controller = new AbortController();
    const givenUp = gate.enter(lane, controller.signal);
    const next = gate.enter(lane);

    controller.abort(new Error('enough'));
    gate.leave();

    await expect(givenUp).rejects.toThrow('enough');
    await next;
  });

  test('refuses a share that is none', () => {
    const gate = new Gate({ clock: new FakeClock() });

    for (const share of [0, -1, 1.01, Number.NaN]) expect(() => gate.open(share)).toThrow(RangeError);
  });
});

/** A bucket that another process gives away in blocks. */
class RemoteLease implements BucketLease {
  readonly asked: number[] = [];
  returned = 0;
  readonly #grants: TokenGrant[];

  constructor(grants: TokenGrant[]) {
    this.#grants = grants;
  }

  rate = () => 297;
  burst = () => 950;
  async take(wanted: number): Promise<TokenGrant> {
    this.asked.push(wanted);
    return this.#grants.shift() ?? { tokens: 0, validUntil: 0, retryInMs: 60_000 };
  }
  answered(): void {}
  giveBack(tokens: number): void {
    this.returned += tokens;
  }
  rateLimited(): void {}
  believed = (): BelievedLevel => ({ level: 950, atMs: 0 });
  restore(): void {}
}

describe('a gate on a leased bucket', () => {
  test('asks for what waits, waits where nothing is granted, and puts back what is left', async () => {
    const clock = new FakeClock();
    const lease = new RemoteLease([
      { tokens: 0, validUntil: 0, retryInMs: 500 },
      { tokens: 8, validUntil: 10_000, retryInMs: 0 },
    ]);
    const gate = new Gate({ clock, lease });
    const lane = gate.open(1);
    let passed = 0;
    for (let i = 0; i < 5; i++) gate.enter(lane).then(() => passed++);

    await clock.advance(499);
    expect(passed).toBe(0);
    await clock.advance(10);
    expect(passed).toBe(5);
    for (let i = 0; i < 5; i++) gate.leave();

    expect(lease.asked).toEqual([1, 5]);
    expect(lease.returned).toBe(3);
  });

  test('does not use tokens whose time is over', async () => {
    const clock = new FakeClock();
    const lease = new RemoteLease([{ tokens: 2, validUntil: 100, retryInMs: 0 }]);
    const gate = new Gate({ clock, lease });
    const lane = gate.open(1);
    await gate.enter(lane);
    await clock.advance(200);
    let passed = false;

    gate.enter(lane).then(() => {
      passed = true;
    });

    await clock.advance(1000);
    expect(passed).toBe(false);
  });
});

describe('a registry', () => {
  test('gives one gate an account, and tells the level of each', async () => {
    const registry = new GateRegistry({ clock: new FakeClock() });
    const gate = registry.gate('acme');
    await gate.enter(gate.open(1));

    expect(registry.gate('acme')).toBe(gate);
    expect(registry.gate('blueprint')).not.toBe(gate);
    expect([...registry.levels()].map(([key, { level }]) => [key, level])).toEqual([
      ['acme', 949],
      ['blueprint', 950],
    ]);
  });
});
