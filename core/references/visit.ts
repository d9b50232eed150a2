import type { Json, JsonObject, ResourceType } from '../model/resource.ts';
import { checkDepth } from './depth.ts';
import type { Place } from './pattern.ts';
import type { Path } from './pointer.ts';
import type { ReferenceRow } from './row.ts';
import { type Entry, entryAt, rootOf, SAMPLE } from './site.ts';

/** What a visitor is told. Paths are valid during the call only. */
export interface Visitor {
  /** A value where the table has a row that is not `never`, be it an id or not. Never null and never ''. */
  reference?(row: ReferenceRow, value: Json, path: Path): void;
  /** A value in a place that is `never` a reference. */
  never?(row: ReferenceRow, value: Json, path: Path): void;
  /** Any other string. */
  text?(value: string, path: Path): void;
  /** The name of a member; the path ends with it. */
  key?(name: string, path: Path): void;
}

/**
 * Walks a document once. Sample data is passed over, and so is all that stands below a reference or a place
 * that is `never` one.
 *
 * @throws FlowferryError `document_too_deep`
 */
export function visit(type: ResourceType, document: JsonObject, visitor: Visitor): void {
  const path: (string | number)[] = [];

  const members = (object: JsonObject, place: Place<Entry>, parent: string): void => {
    checkDepth(path.length);
    for (const name of Object.keys(object)) {
      const value = object[name];
      if (value === undefined) continue;
      path.push(name);
      const next = place.member(name);
      if (!next.accepted.includes(SAMPLE)) visitor.key?.(name, path);
      one(value, next, parent, name);
      path.pop();
    }
  };

  const elements = (array: readonly Json[], place: Place<Entry>, parent: string): void => {
    checkDepth(path.length);
    const next = place.element();
    for (let index = 0; index < array.length; index++) {
      path.push(index);
      one(array[index] ?? null, next, parent, parent);
      path.pop();
    }
  };

  const one = (value: Json, place: Place<Entry>, parent: string, name: string): void => {
    const entry = entryAt(place, value, document, parent);
    if (entry === SAMPLE) return;
    if (entry !== undefined) {
      if (entry.kind === 'never') visitor.never?.(entry, value, path);
      else if (value !== null && value !== '') visitor.reference?.(entry, value, path);
    } else if (typeof value === 'string') visitor.text?.(value, path);
    else if (Array.isArray(value)) elements(value, place, name);
    else if (typeof value === 'object' && value !== null) members(value, place, name);
  };

  members(document, rootOf(type), '');
}
