import type { Ledger, LedgerRow, Pair } from '../ports.ts';

/**
 * Looks ledger rows up while the source is still read: the ids of a level are known before its documents are, so
 * that both are on their way together.
 */
export class EarlyRows {
  readonly #ledger: Ledger;
  readonly #pair: Promise<Pair>;
  readonly #begun = new Map<string, Promise<Map<string, LedgerRow>>>();

  /** @param pair resolves once rows may be read: for who is going to write, when the lease is held */
  constructor(ledger: Ledger, pair: Promise<Pair>) {
    this.#ledger = ledger;
    this.#pair = pair;
  }

  /** Begins to look these up. */
  begin(ids: readonly string[]): void {
    const fresh = ids.filter((id) => !this.#begun.has(id));
    if (fresh.length === 0) return;
    const found = this.#pair.then((pair) => this.#ledger.rows(pair, fresh));
    // Whoever needs the rows is told; a clone that is refused for another reason needs them no more.
    found.catch(() => undefined);
    for (const id of fresh) this.#begun.set(id, found);
  }

  /** The rows of these ids, those begun before included. */
  async of(ids: readonly string[]): Promise<Map<string, LedgerRow>> {
    this.begin(ids);
    const wanted = new Set(ids);
    const groups = new Set(ids.flatMap((id) => this.#begun.get(id) ?? []));
    const rows = new Map<string, LedgerRow>();
    for (const group of await Promise.all(groups)) {
      for (const [id, row] of group) if (wanted.has(id)) rows.set(id, row);
    }
    return rows;
  }
}
