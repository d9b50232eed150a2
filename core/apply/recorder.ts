import type { ActionEvent, Clock, CloneStore, Lease, Ledger, Outcome } from '../ports.ts';

/** Outcomes written at once. */
const BATCH = 200;

/**
 * How long outcomes gather before they are written, ms, unless somebody waits for them: at first, and at most, since
 * each time is twice the one before. Each batch costs the same few calls whatever is in it; but a small clone has
 * nothing else to do while its creates travel, and would have all to write at its end. A process that dies within
 * that time has its latest creates found by their intents.
 */
const SHORTEST_GATHER_MS = 30;
const LONGEST_GATHER_MS = 250;

/**
 * Events are only told on when so many have gathered, or after so long (ms): what they say of creates, the ledger
 * says as well, and each lot is an item that has to be read, and marked when the clone ends.
 */
const LOT = 1_000;
const TELL_MS = 1_000;

/** Outcomes that may wait before nothing new is begun. */
const MOST_WAITING = 1_000;

interface Entry {
  outcome: Outcome | undefined;
  event: ActionEvent;
}

/**
 * Writes outcomes to the ledger and events to the clone, in the order they came: a batch at a time, when enough
 * have gathered, when they have waited long enough, or as soon as somebody waits for them.
 */
export class Recorder {
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #lease: Lease;
  readonly #clones: CloneStore;
  readonly #cloneId: string;
  readonly #attempt: number;
  #queue: Entry[] = [];
  /** Events whose outcomes are in the ledger. */
  #untold: ActionEvent[] = [];
  #toldAt: number;
  #sequence = 0;
  /** How many entries were taken, and how many of them the ledger and the clone have. */
  #taken = 0;
  #recorded = 0;
  #told = 0;
  #failure: { error: unknown } | undefined;
  #isRunning = false;
  /** Ends with the batch that is being gathered or written. */
  #round = Promise.withResolvers<void>();
  #endGathering: AbortController | undefined;
  #gatherMs = SHORTEST_GATHER_MS;
  #waiting = 0;

  constructor(ports: { ledger: Ledger; clones: CloneStore; clock: Clock }, lease: Lease, cloneId: string) {
    this.#ledger = ports.ledger;
    this.#clock = ports.clock;
    this.#clones = ports.clones;
    this.#lease = lease;
    this.#cloneId = cloneId;
    this.#attempt = lease.epoch;
    this.#toldAt = ports.clock.monotonic();
  }

  /** Takes an outcome; throws when an earlier one could not be written. */
  add(event: ActionEvent, outcome?: Outcome): void {
    if (this.#failure) throw this.#failure.error;
    this.#taken += 1;
    this.#queue.push({ outcome, event });
    if (this.#queue.length >= BATCH) this.#endGathering?.abort();
    if (!this.#isRunning) this.#run();
  }

  /** Resolves when few enough outcomes wait to be written: what waits is held in memory, and unknown to others. */
  async room(): Promise<void> {
    while (this.#isRunning && this.#queue.length >= MOST_WAITING) await this.#round.promise;
  }

  /** Resolves when all outcomes taken so far are in the ledger; throws when one could not be written. */
  recorded(): Promise<void> {
    const upTo = this.#taken;
    return this.#until(() => this.#recorded >= upTo);
  }

  /** Resolves when all that was taken so far is durable, in ledger and clone; throws when it could not be written. */
  flush(): Promise<void> {
    const upTo = this.#taken;
    return this.#until(() => this.#told >= upTo);
  }

  async #until(isReached: () => boolean): Promise<void> {
    this.#waiting += 1;
    this.#endGathering?.abort();
    while (!isReached() && this.#failure === undefined) await this.#round.promise;
    this.#waiting -= 1;
    if (this.#failure) throw this.#failure.error;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#told < this.#taken && this.#failure === undefined) {
      try {
        await this.#gather();
        await this.#write();
      } catch (error) {
        this.#failure = { error };
      }
      const round = this.#round;
      this.#round = Promise.withResolvers();
      round.resolve();
    }
    this.#isRunning = false;
  }

  async #gather(): Promise<void> {
    if (this.#waiting > 0 || this.#queue.length >= BATCH) return;
    this.#endGathering = new AbortController();
    // Cut short is as good as over.
    await this.#clock.sleep(this.#gatherMs, this.#endGathering.signal).catch(() => undefined);
    this.#gatherMs = Math.min(LONGEST_GATHER_MS, this.#gatherMs * 2);
    this.#endGathering = undefined;
  }

  async #write(): Promise<void> {
    const batch = this.#queue.splice(0, BATCH);
    const outcomes = batch.flatMap(({ outcome }) => outcome ?? []);
    if (outcomes.length > 0) await this.#ledger.record(this.#lease, outcomes);
    for (const { event } of batch) this.#untold.push(event);
    this.#recorded += batch.length;
    const now = this.#clock.monotonic();
    if (this.#waiting === 0 && this.#untold.length < LOT && now - this.#toldAt < TELL_MS) return;
    this.#toldAt = now;
    this.#sequence += 1;
    const events = this.#untold.splice(0);
    await this.#clones.appendEvents(this.#cloneId, this.#attempt, this.#sequence, events);
    this.#told += events.length;
  }
}
