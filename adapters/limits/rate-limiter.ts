import * as z from 'zod/mini';
import type { Clock } from '../../core/ports.ts';
import type { RecordStore } from '../records.ts';

const isObject = (value: unknown) => typeof value === 'object' && value !== null;

const schema = z.strictObject({
  records: z.custom<RecordStore>(isObject, 'must be a RecordStore'),
  clock: z.custom<Clock>(isObject, 'must be a Clock'),
  /** Collection that holds the buckets. */
  collection: z.string().check(z.minLength(1)),
  /** Tokens that flow in, a second. */
  rate: z.number().check(z.gt(0)),
  /** Tokens that a full bucket holds. */
  burst: z.number().check(z.gte(1)),
});

export type RateLimiterOptions = z.input<typeof schema>;

/** What became of one request: let through, or to be tried again after so many whole seconds. */
export type Verdict = { allowed: true } | { allowed: false; retryAfterSeconds: number };

export interface RateLimiter {
  /** Takes one token from the bucket of this id. */
  take(id: string): Promise<Verdict>;
}

interface Waiter {
  tell: (verdict: Verdict) => void;
  fail: (error: unknown) => void;
}

interface Bucket {
  tokens: number;
  /** ms since the epoch. */
  at: number;
}

/** Tries of one withdrawal while others withdraw from the same bucket. */
const MAX_TRIES = 12;
/** Longest pause between two of them, ms. */
const MAX_PAUSE_MS = 20;

/**
 * Token buckets in the table, one for each id, shared by all processes. What comes in while one withdrawal is on its
 * way is withdrawn together by the next: a process never contends with itself.
 */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { records, clock, collection, rate, burst } = schema.parse(options);
  const waiting = new Map<string, Waiter[]>();

  /** Takes up to `wanted` tokens; answers how many, and how long until there is another, in seconds. */
  async function withdraw(id: string, wanted: number): Promise<{ taken: number; nextIn: number }> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const stored = await records.get<Bucket>(collection, id);
      const now = clock.now();
      const before = stored?.value ?? { tokens: burst, at: now };
      const elapsed = Math.max(0, now - before.at) / 1000;
      const level = Math.min(burst, before.tokens + elapsed * rate);
      const taken = Math.min(wanted, Math.floor(level));
      const nextIn = Math.max(0, 1 - (level - taken)) / rate;
      if (taken === 0) return { taken, nextIn };
      const version = await records.put(
        collection,
        id,
        { tokens: level - taken, at: now },
        { ifVersion: stored?.version ?? 'absent', ttlSeconds: Math.ceil(burst / rate) + 60 },
      );
      if (version !== undefined) return { taken, nextIn };
      await clock.sleep(Math.random() * MAX_PAUSE_MS);
    }
    // So many at once found tokens in the bucket: who is only unlucky is let through.
    return { taken: wanted, nextIn: 0 };
  }

  async function drain(id: string, queue: Waiter[]): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.splice(0);
      try {
        const { taken, nextIn } = await withdraw(id, batch.length);
        const refused: Verdict = { allowed: false, retryAfterSeconds: Math.max(1, Math.ceil(nextIn)) };
        for (const [index, { tell }] of batch.entries()) tell(index < taken ? { allowed: true } : refused);
      } catch (error) {
        for (const { fail } of batch) fail(error);
      }
    }
    waiting.delete(id);
  }

  return {
    take: (id) =>
      new Promise((tell, fail) => {
        const queue = waiting.get(id);
        if (queue !== undefined) {
          queue.push({ tell, fail });
          return;
        }
        const fresh = [{ tell, fail }];
        waiting.set(id, fresh);
        void drain(id, fresh);
      }),
  };
}
