import type { Account, Lease, Ledger } from '../ports.ts';
import type { Work } from './work.ts';

/** Creates that are intended together. */
const BATCH = 500;

/** Makes sure that each create is intended, durably, before it is sent. */
export class Intents {
  readonly #ledger: Ledger;
  readonly #lease: Lease;
  readonly #account: Account;
  readonly #work: Work;
  readonly #batchOf = new Map<number, number>();
  readonly #batches: number[][] = [];
  readonly #written = new Map<number, Promise<void>>();

  constructor(work: Work, ports: { ledger: Ledger }, lease: Lease, account: Account) {
    this.#work = work;
    this.#ledger = ports.ledger;
    this.#lease = lease;
    this.#account = account;
    const open = work.plan.actions.flatMap(({ action }, index) =>
      action === 'create' && work.targetIdOf(index) === undefined ? [index] : [],
    );
    open.forEach((index, position) => {
      const batch = Math.floor(position / BATCH);
      this.#batchOf.set(index, batch);
      const members = this.#batches[batch];
      if (members) members.push(index);
      else this.#batches.push([index]);
    });
  }

  /** Writes the first batch, before anybody asks for one of its creates. */
  async begin(): Promise<void> {
    if (this.#batches.length > 0) await this.#write(0);
  }

  /** Resolves when this create's intent is durable; the batch after it is begun ahead of time. */
  async ensure(index: number): Promise<void> {
    const batch = this.#batchOf.get(index);
    if (batch === undefined) return;
    const written = this.#write(batch);
    if (batch + 1 < this.#batches.length) this.#write(batch + 1).catch(() => undefined);
    await written;
  }

  #write(batch: number): Promise<void> {
    const started = this.#written.get(batch);
    if (started) return started;
    const intents = (this.#batches[batch] ?? []).map((index) => {
      const { sourceId, type } = this.#work.action(index);
      return { sourceId, type };
    });
    const written = this.#ledger.intend(this.#lease, {
      cloneId: this.#work.header.cloneId,
      epoch: this.#lease.epoch,
      intents,
      serverTime: this.#account.serverTime() ?? 0,
    });
    this.#written.set(batch, written);
    return written;
  }
}
