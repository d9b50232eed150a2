import type { AccountStats, Call } from './types.ts';

/** What was asked of the sandbox: the last calls one by one, and counts of all of them. */
export class Journal {
  readonly #size: number;
  #calls: Call[] = [];
  #number = 0;
  #stats = new Map<string, AccountStats>();

  constructor(size: number) {
    this.#size = size;
  }

  open(account: string, method: string, path: string, query: string, at: number): Call {
    this.#number += 1;
    const call: Call = { number: this.#number, account, method, path, query, status: 0, at };
    this.#calls.push(call);
    // Dropping half at a time keeps the cost of a bounded journal constant per call.
    if (this.#calls.length >= this.#size * 2) this.#calls = this.#calls.slice(-this.#size);
    const stats = this.stats(account);
    stats.calls += 1;
    stats.byMethod[method] = (stats.byMethod[method] ?? 0) + 1;
    return call;
  }

  close(call: Call, status: number): void {
    call.status = status;
    const stats = this.stats(call.account);
    stats.byStatus[status] = (stats.byStatus[status] ?? 0) + 1;
    if (status === 429) stats.rateLimited += 1;
  }

  calls(account?: string): Call[] {
    const kept = this.#calls.slice(-this.#size);
    return kept
      .filter((call) => account === undefined || call.account === account)
      .map((call) => ({ ...call }));
  }

  /** The live figures of an account; copy them before giving them away. */
  stats(account: string): AccountStats {
    let stats = this.#stats.get(account);
    if (!stats) {
      stats = { calls: 0, rateLimited: 0, byMethod: {}, byStatus: {} };
      this.#stats.set(account, stats);
    }
    return stats;
  }

  reset(): void {
    this.#calls = [];
    this.#stats = new Map();
  }
}
