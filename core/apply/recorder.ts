import type { ActionEvent, CloneStore, Lease, Ledger, Outcome } from '../ports.ts';

/** Outcomes written at once. */
const BATCH = 100;

/** Outcomes that may wait before nothing new is begun. */
const MOST_WAITING = 1_000;

interface Entry {
  outcome: Outcome | undefined;
  event: ActionEvent;
}

/**
 * Writes outcomes to the ledger and events to the clone, in the order they came. While one batch is on its way
 * the next gathers, so that batches grow with the pace and nothing waits for a timer.
 */
export class Recorder {
  readonly #ledger: Ledger;
  readonly #lease: Lease;
  readonly #clones: CloneStore;
  readonly #cloneId: string;
  readonly #attempt: number;
  #queue: Entry[] = [];
  #running: Promise<void> | undefined;
  #failure: { error: unknown } | undefined;
  #sequence = 0;

  constructor(ports: { ledger: Ledger; clones: CloneStore }, lease: Lease, cloneId: string) {
    this.#ledger = ports.ledger;
    this.#clones = ports.clones;
    this.#lease = lease;
    this.#cloneId = cloneId;
    this.#attempt = lease.epoch;
  }

  /** Takes an outcome; throws when an earlier one could not be written. */
  add(event: ActionEvent, outcome?: Outcome): void {
    if (this.#failure) throw this.#failure.error;
    this.#queue.push({ outcome, event });
    this.#running ??= this.#drain();
  }

  /** Resolves when few enough outcomes wait to be written: what waits is held in memory, and unknown to others. */
  async room(): Promise<void> {
    while (this.#running && this.#queue.length >= MOST_WAITING) await this.#running;
  }

  /** Resolves when all that was taken is durable. */
  async flush(): Promise<void> {
    while (this.#running) await this.#running;
    if (this.#failure) throw this.#failure.error;
  }

  async #drain(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        const batch = this.#queue.splice(0, BATCH);
        const outcomes = batch.flatMap(({ outcome }) => outcome ?? []);
        if (outcomes.length > 0) await this.#ledger.record(this.#lease, outcomes);
        this.#sequence += 1;
        await this.#clones.appendEvents(
          this.#cloneId,
          this.#attempt,
          this.#sequence,
          batch.map(({ event }) => event),
        );
      }
    } catch (error) {
      this.#failure = { error };
    } finally {
      this.#running = undefined;
    }
  }
}
