import type { Clock } from '../../core/ports.ts';

/**
 * Values by name, each read once for all who ask at the same time and kept for a time to live.
 * A read that failed is not kept: who asks next tries again.
 */
export class SecretCache<T> {
  readonly #read: (name: string) => Promise<T>;
  readonly #clock: Clock;
  readonly #ttlMs: number;
  readonly #kept = new Map<string, { value: T; until: number }>();
  readonly #underWay = new Map<string, Promise<T>>();

  constructor(read: (name: string) => Promise<T>, { clock, ttlMs }: { clock: Clock; ttlMs: number }) {
    this.#read = read;
    this.#clock = clock;
    this.#ttlMs = ttlMs;
  }

  async get(name: string): Promise<T> {
    const kept = this.#kept.get(name);
    if (kept && kept.until > this.#clock.monotonic()) return kept.value;
    return this.refresh(name);
  }

  /** Reads anew, whatever is kept; joins a read of the same name that is under way. */
  refresh(name: string): Promise<T> {
    const underWay = this.#underWay.get(name);
    if (underWay) return underWay;
    this.#kept.delete(name);
    const reading = this.#read(name);
    this.#underWay.set(name, reading);
    const isCurrent = () => this.#underWay.get(name) === reading;
    reading.then(
      (value) => {
        if (!isCurrent()) return;
        this.#underWay.delete(name);
        this.#kept.set(name, { value, until: this.#clock.monotonic() + this.#ttlMs });
      },
      () => {
        if (isCurrent()) this.#underWay.delete(name);
      },
    );
    return reading;
  }

  /** Forgets a value after it was changed; a read under way may have seen the old one and is not kept. */
  drop(name: string): void {
    this.#kept.delete(name);
    this.#underWay.delete(name);
  }
}
