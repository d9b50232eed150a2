import type { ResourceType } from '../model/resource.ts';

/**
 * How a reference behaves when the document that holds it is copied.
 *
 * - `needs`: what it names is cloned along.
 * - `mapped`: what it names is never cloned; the caller says what stands for it in the target.
 * - `linked`: it names another flow, or a step of one; `linkedFlows` decides.
 * - `inside`: it names a part of another document, found in the copy by name.
 * - `alias`: it only gives a name to something; it never enlarges a closure and goes when it points outside.
 * - `never`: it is no reference to anything in the account; copied as it is.
 */
export type ReferenceKind = 'needs' | 'mapped' | 'linked' | 'inside' | 'alias' | 'never';

/**
 * What a reference names: a resource type, a thing of the account that flowferry does not clone (`topic`,
 * `storage`, `agentgroup`, `mcpoauthprovider`), a part of a document (`flowgrouping`, `apigrouping`), or, where
 * it is `never` one: `catalogue` (the same for every account), `foreign` (another system's), `local` (a string
 * that has a meaning within its document only), `provenance` (where the document came from), `own` (its own id).
 */
export type ReferenceTarget =
  | ResourceType
  | 'topic'
  | 'storage'
  | 'agentgroup'
  | 'mcpoauthprovider'
  | 'flowgrouping'
  | 'apigrouping'
  | 'catalogue'
  | 'foreign'
  | 'local'
  | 'provenance'
  | 'own';

/** A condition on the document: the member at this dotted path equals this value. */
export interface Guard {
  path: string;
  equals: string;
}

/** One line of the reference table. */
export interface ReferenceRow {
  /** The type whose documents have it; `*`: every type, found by the name of the field at any depth. */
  in: ResourceType | '*';
  /**
   * Where it stands: member names joined by dots. `[]` is any element of an array, `*` any member, `**` any
   * depth, and a name that ends in `*` any member that begins so.
   */
  path: string;
  to: ReferenceTarget;
  kind: ReferenceKind;
  /** May be left out of a create and be written later: this is how cycles are cut. */
  deferrable?: boolean;
  /** The row counts only in documents for which this holds. */
  when?: Guard;
  /** What goes when the reference is left out: the member itself, or the array element that holds it. */
  omit: 'field' | 'element';
  note: string;
}

/** What most rows need to say beyond path, target and kind. */
export interface RowExtras {
  deferrable?: boolean;
  when?: Guard;
  omit?: 'field' | 'element';
  note?: string;
}

/** Writes one row: left out as a field, not deferrable and without a note unless said otherwise. */
export function row(
  type: ResourceType | '*',
  path: string,
  to: ReferenceTarget,
  kind: ReferenceKind,
  extras: RowExtras = {},
): ReferenceRow {
  return { in: type, path, to, kind, omit: 'field', note: '', ...extras };
}
