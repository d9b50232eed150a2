import { isObjectId, type Json, type JsonObject, type ResourceType } from '../model/resource.ts';
import { type Path, pointerOf } from './pointer.ts';
import type { ReferenceRow, ReferenceTarget } from './row.ts';
import { type Visitor, visit } from './visit.ts';

/** One reference found in a document. */
export interface Reference {
  /** JSON Pointer to the value. */
  pointer: string;
  row: ReferenceRow;
  to: ReferenceTarget;
  /** The value as it stands there. */
  id: unknown;
  /** Whether the value is an id at all. */
  valid: boolean;
}

/** Whether what stands in a place of the table is an id, and not one where a list of them belongs. */
export function isValid(row: ReferenceRow, value: Json, path: Path): value is string {
  return isObjectId(value) && row.path.endsWith('[]') === (typeof path.at(-1) === 'number');
}

/**
 * The references of a document, in the order they stand in it: by the rows of its type, else by the name of the
 * field at any depth. Null and the empty string are no reference; whatever else stands where an id belongs is one
 * that is not valid.
 *
 * @throws FlowferryError `document_too_deep`
 */
export function referencesOf(type: ResourceType, document: JsonObject): Reference[] {
  const found: Reference[] = [];
  visit(type, document, collectReferences(found));
  return found;
}

/** Adds the references of a walk to `found`. */
export function collectReferences(found: Reference[]): Visitor {
  return {
    reference(row, value, path) {
      found.push({ pointer: pointerOf(path), row, to: row.to, id: value, valid: isValid(row, value, path) });
    },
  };
}
