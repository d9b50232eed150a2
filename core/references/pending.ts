import type { JsonObject, ResourceType } from '../model/resource.ts';
import { copy, omission, transform } from './transform.ts';

/** Stands where an id is not known yet: 24 zeros, which integrator.io gives to nothing. */
export const PENDING = '0'.repeat(24);

/**
 * A new document without the references whose value is `PENDING`, each left out as its row says. Where it stands among
 * text it stays, to be written later.
 *
 * @throws FlowferryError `document_too_deep`
 */
export function withoutPending(type: ResourceType, document: JsonObject): JsonObject {
  return transform(type, document, {
    reference: (row, value, path) => (value === PENDING ? omission(row) : copy(value, path.length)),
    text: (value) => value,
    key: (name) => name,
  });
}
