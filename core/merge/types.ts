import type { JsonObject, ResourceType } from '../model/resource.ts';
import type { Disputed } from './disputes.ts';

/** What becomes of a path that both sides moved to different values. */
export type Resolution = 'keep-target' | 'take-source' | 'fail';

/** One line of a policy: how conflicts at or below a path of a type are settled. */
export interface PolicyRule {
  type: ResourceType;
  /** JSON Pointer, a prefix of the conflict's path; `*` stands for any one segment. */
  path: string;
  policy: Resolution;
}

/** One answer for everything, or a list of which the first line that fits counts; `keep-target` where none does. */
export type Policy = Resolution | readonly PolicyRule[];

export interface MergeInput {
  type: ResourceType;
  /** The source's document as it was last applied, in the target's ids; `undefined`: never, or not known. */
  base: JsonObject | undefined;
  /** The source's document now, rewritten into the target's ids. */
  source: JsonObject;
  /** The target's document now. */
  target: JsonObject;
  policy: Policy;
  /**
   * JSON Pointers that overrides set: whatever lies at or below them counts as the tenant's own. Array indices are
   * those of the source, of the base where the source has no such element. `-` at the end of an array whose
   * elements have an identity guards every element the source lacks.
   */
  tenantPaths?: readonly string[] | undefined;
  /**
   * The `disputed` of the last merge: where the target alone has moved on at such a place, that is a conflict again,
   * for the tenant knew of it.
   */
  disputed?: Disputed | undefined;
}

/**
 * One change. What was added or removed with all that is in it is one change, at its top. Elements of an array are
 * named by their index in the document that is changed; those it lacks, by their index in the other.
 */
export interface PathChange {
  path: string;
  kind: 'added' | 'removed' | 'changed';
}

export interface Conflict {
  path: string;
  resolution: 'keep-target' | 'take-source' | 'failed';
}

/** A path where source and target differ, and who moved since the base. */
export interface Drift {
  path: string;
  movedBy: 'source' | 'target' | 'both';
}

export interface MergeResult {
  /** What the target should be. Shares unchanged parts with the documents given: to be read, not written. */
  document: JsonObject;
  /** Whether it differs from the target; see `equal` for what counts as no difference. */
  changed: boolean;
  /** What changes in the target, conflicts taken from the source included. */
  applied: PathChange[];
  /** What the target has as its own, conflicts kept for it included; as changes from the base. */
  kept: PathChange[];
  conflicts: Conflict[];
  drift: Drift[];
  /** Conflicts that are settled for the target, now and before, as far as the sides still differ there. */
  disputed: Disputed | undefined;
}
