import type { JsonObject, ResourceType } from '../model/resource.ts';
import { surveyOf } from './survey.ts';
import { copy, omission, transform } from './transform.ts';

/** Stands where an id is not known yet: 24 zeros, which integrator.io gives to nothing. */
export const PENDING = '0'.repeat(24);

export interface WithoutPending {
  /** A new document without the references that are not known yet. */
  document: JsonObject;
  /** JSON Pointers, into the document that was given, of the references left out. */
  left: string[];
  /** JSON Pointers of strings in which a pending id stands among text; these stay and are to be written later. */
  text: string[];
}

/**
 * Leaves out each reference whose value is `PENDING`, as its row says.
 *
 * @throws FlowferryError `document_too_deep`
 */
export function withoutPending(type: ResourceType, document: JsonObject): WithoutPending {
  const { references, textIds } = surveyOf(type, document);
  const left = references.filter((reference) => reference.id === PENDING);
  const text = textIds.filter((place) => place.id === PENDING);
  const made = transform(type, document, {
    reference: (row, value, path) => (value === PENDING ? omission(row) : copy(value, path.length)),
    text: (value) => value,
    key: (name) => name,
  });
  return {
    document: made,
    left: left.map((reference) => reference.pointer),
    text: [...new Set(text.map((place) => place.pointer))],
  };
}
