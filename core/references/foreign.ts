import type { JsonObject, ResourceType } from '../model/resource.ts';
import { pointerOf } from './pointer.ts';
import { visit } from './visit.ts';

/** An id of a connected system, which is copied as it is and may mean nothing behind the target's connections. */
export interface ForeignId {
  /** JSON Pointer to the value. */
  pointer: string;
  /** What it names, in words. */
  what: string;
}

/**
 * The ids of foreign systems in a document: saved searches, folders, records.
 *
 * @throws FlowferryError `document_too_deep`
 */
export function foreignIdsOf(type: ResourceType, document: JsonObject): ForeignId[] {
  const found: ForeignId[] = [];
  visit(type, document, {
    never(row, value, path) {
      // Switches and empty members of the same name are no ids.
      const isId = typeof value === 'number' || (typeof value === 'string' && value !== '');
      if (row.to === 'foreign' && isId) found.push({ pointer: pointerOf(path), what: row.note });
    },
  });
  return found;
}
