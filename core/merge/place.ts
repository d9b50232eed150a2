import type { Json, ResourceType } from '../model/resource.ts';
import type { Policy } from './types.ts';

/** What stays the same on the whole way through a document. */
export interface Context {
  type: ResourceType;
  policy: Policy;
}

/** A place in the document: its pointer, and its path with `*` for every element of an array. */
export interface Place {
  pointer: string;
  path: readonly string[];
}

/** The three values of one place. */
export interface Sides<Value = Json | undefined> {
  base: Value;
  source: Value;
  target: Value;
}
