import { forEachConcurrently } from '../model/concurrent.ts';
import type { JsonObject } from '../model/resource.ts';
import type { CloneStore } from '../ports.ts';

/** How many documents rest in one stored part. */
const DOCUMENTS_A_PART = 250;

/** Parts that are stored at once, of a large plan and of others: each is held as text, as JSON and compressed. */
const OPEN_PARTS = 2;
const OPEN_SMALL_PARTS = 8;

/** Up to this many bytes all documents stay in memory: reading them back would cost more than they do. */
const KEPT_BYTES = 16_000_000;

interface StoredDocument {
  index: number;
  hash: string;
  body: string;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/**
 * The stripped source documents of a plan's actions, by index. They rest as bytes; those of a large plan are let go
 * once they are stored, come back part by part when their turn is near, and go for good when they were applied.
 */
export class Documents {
  readonly #bytes: Map<number, Uint8Array>;
  readonly #hashes: Map<number, string>;
  /** Index of the first document of each stored part; empty while all are in memory. */
  #firsts: readonly number[] = [];
  #read: (part: number) => Promise<StoredDocument[]> = async () => [];
  readonly #coming = new Map<number, Promise<void>>();

  constructor(bytes: Map<number, Uint8Array>, hashes: Map<number, string>) {
    this.#bytes = bytes;
    this.#hashes = hashes;
  }

  /** Documents that an earlier process stored. */
  static stored(clones: CloneStore, cloneId: string, firsts: readonly number[]): Documents {
    const documents = new Documents(new Map(), new Map());
    documents.#rest(clones, cloneId, firsts);
    return documents;
  }

  /** The document of an action, if it has one; after `bring`. */
  get(index: number): JsonObject | undefined {
    const bytes = this.#bytes.get(index);
    return bytes && (JSON.parse(decoder.decode(bytes)) as JsonObject);
  }

  /** SHA-256 of a document; after `bring`. */
  hash(index: number): string {
    return this.#hashes.get(index) ?? '';
  }

  /** Sees to it that a document is in memory, and with it those of its part that `isNeeded` names. */
  async bring(index: number, isNeeded: (index: number) => boolean): Promise<void> {
    if (this.#bytes.has(index) || this.#firsts.length === 0) return;
    const part = this.#firsts.findLastIndex((first) => first <= index);
    if (part < 0) return;
    const coming = this.#coming.get(part) ?? this.#load(part, isNeeded);
    this.#coming.set(part, coming);
    try {
      await coming;
    } finally {
      this.#coming.delete(part);
    }
    // It was thought done with when its part came: then it comes alone.
    if (!this.#bytes.has(index)) await this.#load(part, (other) => other === index);
  }

  /** Lets go of a document that was applied, where it can be brought again. */
  release(index: number): void {
    if (this.#firsts.length > 0) this.#bytes.delete(index);
  }

  /** What `stored` needs to find these documents again: the index of the first in each stored part. */
  firsts(): number[] {
    return firstsOf(this.#parts());
  }

  /** Whether these are let go once they are stored. */
  isLarge(): boolean {
    let total = 0;
    for (const { byteLength } of this.#bytes.values()) total += byteLength;
    return total > KEPT_BYTES;
  }

  /** Stores all. */
  async store(clones: CloneStore, cloneId: string): Promise<void> {
    const isLarge = this.isLarge();
    const parts = this.#parts();
    await forEachConcurrently(
      parts.entries(),
      isLarge ? OPEN_PARTS : OPEN_SMALL_PARTS,
      async ([part, members]) => {
        await clones.putPart(
          cloneId,
          `bodies-${part}`,
          members.map((index): StoredDocument => {
            const body = decoder.decode(this.#bytes.get(index));
            return { index, hash: this.hash(index), body };
          }),
        );
        if (isLarge) for (const index of members) this.#bytes.delete(index);
      },
    );
    if (isLarge) this.#rest(clones, cloneId, firstsOf(parts));
  }

  /** The indexes of all documents in memory, as they are stored together. */
  #parts(): number[][] {
    const indexes = [...this.#bytes.keys()].sort((a, b) => a - b);
    return Array.from({ length: Math.ceil(indexes.length / DOCUMENTS_A_PART) }, (_, part) =>
      indexes.slice(part * DOCUMENTS_A_PART, (part + 1) * DOCUMENTS_A_PART),
    );
  }

  #rest(clones: CloneStore, cloneId: string, firsts: readonly number[]): void {
    this.#firsts = firsts;
    this.#read = async (part) => (await clones.getPart<StoredDocument[]>(cloneId, `bodies-${part}`)) ?? [];
  }

  async #load(part: number, isNeeded: (index: number) => boolean): Promise<void> {
    for (const { index, hash, body } of await this.#read(part)) {
      if (!isNeeded(index)) continue;
      this.#bytes.set(index, encoder.encode(body));
      this.#hashes.set(index, hash);
    }
  }
}

function firstsOf(parts: readonly number[][]): number[] {
  return parts.map(([first = 0]) => first);
}
