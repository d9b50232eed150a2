import { pointerOf } from './pointer.ts';
import type { Visitor } from './visit.ts';

/** An id of a connected system, which is copied as it is and may mean nothing behind the target's connections. */
export interface ForeignId {
  /** JSON Pointer to the value. */
  pointer: string;
  /** What it names, in words. */
  what: string;
}

/** Adds the ids of foreign systems, saved searches, folders, records, to `found`. */
export function collectForeignIds(found: ForeignId[]): Visitor {
  return {
    never(row, value, path) {
      // Switches and empty members of the same name are no ids.
      const isId = typeof value === 'number' || (typeof value === 'string' && value !== '');
      if (row.to === 'foreign' && isId) found.push({ pointer: pointerOf(path), what: row.note });
    },
  };
}
