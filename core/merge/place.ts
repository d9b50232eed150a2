import type { Json, ResourceType } from '../model/resource.ts';
import type { Disputed } from './disputes.ts';
import type { Policy } from './types.ts';

/** What stays the same on the whole way through a document. */
export interface Context {
  type: ResourceType;
  policy: Policy;
  /** What was settled for the target before. */
  disputed: Disputed;
}

/** A place in the document. */
export interface Place {
  pointer: string;
  /** With `*` for every element of an array. */
  path: readonly string[];
  /** As the pointer, but with the identities of elements for their indices: it stays when others come or go. */
  key: string;
}

/** The three values of one place. */
export interface Sides<Value = Json | undefined> {
  base: Value;
  source: Value;
  target: Value;
}
