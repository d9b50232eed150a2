import type { Account } from '../account.ts';
import type { Collection, Document, Fields } from '../documents.ts';
import type { Problems } from '../errors.ts';

/** A document on its way into an account. */
export interface Write {
  account: Account;
  collection: Collection;
  /** What was sent, less what the server owns. Rules change it in place. */
  document: Fields;
  /** What a replacement replaces. */
  existing: Document | undefined;
}

/** What is particular about one collection. */
export interface Rules {
  /** Top-level fields that only the server writes: ignored when sent, kept over a replacement. */
  owned: readonly string[];
  /** When given, all other top-level fields are silently dropped. */
  known?: ReadonlySet<string>;
  /** Whether a document needs a name, and how long it may be. */
  name?: { required: boolean; longest: number };
  /** What a PATCH may reach, as expressions over JSON Pointers. */
  patchable: readonly RegExp[];
  /** Changes that integrator.io makes silently, before anything is checked. */
  prepare?(write: Write): void;
  /** Refusals beyond those of names and references. */
  check?(write: Write, problems: Problems): void;
  /** What the server adds to a document that was found good. */
  finish?(write: Write): void;
}

/** The expression for a pointer and everything below it; `*` stands for an index or a key. */
export function pointer(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll('*', '[^/]+')}(/.*)?$`);
}
