import { setImmediate as settle } from 'node:timers/promises';
import type { Clock } from '../../../core/ports.ts';

const START = Date.parse('2026-11-22T12:00:00Z');

/** Time that moves only when it is told to, or by itself from one sleeper to the next. */
export class FakeClock implements Clock {
  elapsed = 0;
  readonly #sleepers: { at: number; wake: () => void }[] = [];

  now = () => START + this.elapsed;
  monotonic = () => this.elapsed;

  sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      this.#sleepers.push({ at: this.elapsed + ms, wake: resolve });
    });

  /** Moves time on, waking who sleeps until then, in order. */
  async advance(ms: number): Promise<void> {
    const end = this.elapsed + ms;
    await settle();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.elapsed = Math.max(this.elapsed, next.at);
      next.wake();
      await settle();
    }
    this.elapsed = end;
  }

  /** Lets time run until the work is done. */
  async runUntil<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = () => {
      isDone = true;
    };
    work.then(done, done);
    await settle();
    while (!isDone) {
      const next = this.#next(Number.POSITIVE_INFINITY);
      if (next === undefined) throw new Error('nobody sleeps, and the work is not done');
      this.elapsed = Math.max(this.elapsed, next.at);
      next.wake();
      await settle();
    }
    return work;
  }

  #next(end: number): { at: number; wake: () => void } | undefined {
    let first = -1;
    this.#sleepers.forEach(({ at }, index) => {
      if (at <= end && (first < 0 || at < (this.#sleepers[first]?.at ?? 0))) first = index;
    });
    return first < 0 ? undefined : this.#sleepers.splice(first, 1)[0];
  }
}

/** A clock on which every sleep is over at once, for clients of a real server. */
export class HastyClock implements Clock {
  elapsed = 0;
  readonly slept: number[] = [];

  now = () => START + this.elapsed;
  monotonic = () => this.elapsed;

  sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    this.slept.push(ms);
    this.elapsed += ms;
    await settle();
  };
}
