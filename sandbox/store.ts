import type { Document } from './documents.ts';

/** A document with its place in the order of insertion. */
export interface Entry {
  readonly sequence: number;
  document: Document;
  removed: boolean;
}

/**
 * The documents of one collection: found by id at once, listed in the order they came in,
 * and a list can be taken up after any place in O(log n).
 */
export class Store {
  readonly #byId = new Map<string, Entry>();
  #order: Entry[] = [];
  #removed = 0;
  #sequence = 0;

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): Document | undefined {
    return this.#byId.get(id)?.document;
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /** Adds a document, or puts it in the place of the one with the same id. */
  put(document: Document): void {
    const known = this.#byId.get(document._id);
    if (known) {
      known.document = document;
      return;
    }
    this.#sequence += 1;
    const entry: Entry = { sequence: this.#sequence, document, removed: false };
    this.#byId.set(document._id, entry);
    this.#order.push(entry);
  }

  /** @returns whether there was such a document */
  delete(id: string): boolean {
    const entry = this.#byId.get(id);
    if (!entry) return false;
    this.#byId.delete(id);
    entry.removed = true;
    this.#removed += 1;
    if (this.#removed > 64 && this.#removed * 2 > this.#order.length) this.#compact();
    return true;
  }

  /** All documents in order. */
  *documents(): Generator<Document> {
    for (const entry of this.#order) if (!entry.removed) yield entry.document;
  }

  /** The entries behind the given sequence number, in order. */
  *after(sequence: number): Generator<Entry> {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#order[middle] as Entry).sequence <= sequence) low = middle + 1;
      else high = middle;
    }
    // A listing may be in the middle of the array when a compaction replaces it: hold on to this one.
    const order = this.#order;
    for (let index = low; index < order.length; index += 1) {
      const entry = order[index] as Entry;
      if (!entry.removed) yield entry;
    }
  }

  #compact(): void {
    this.#order = this.#order.filter((entry) => !entry.removed);
    this.#removed = 0;
  }
}
