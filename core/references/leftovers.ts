import type { Json, JsonObject, ResourceType } from '../model/resource.ts';
import { checkDepth } from './depth.ts';
import { type Path, pointerOf } from './pointer.ts';
import { occurrencesIn } from './text.ts';
import { visit } from './visit.ts';

/** An id that should not be there any more. */
export interface Leftover {
  /** JSON Pointer to the string, or to the member whose name it is. */
  pointer: string;
  id: string;
}

/**
 * The strings, values and names of members alike, in which one of `ids` stands; in reference places, valid or not,
 * as well as in text. Places that are `never` references are passed over, and so is sample data: where it is copied
 * it is the customer's data, not ours to judge.
 *
 * @throws FlowferryError `document_too_deep`
 */
export function leftovers(type: ResourceType, document: JsonObject, ids: ReadonlySet<string>): Leftover[] {
  const found: Leftover[] = [];
  const scan = (text: string, path: Path): void => {
    for (const { id } of occurrencesIn(text)) {
      if (ids.has(id)) found.push({ pointer: pointerOf(path), id });
    }
  };
  const scanAll = (value: Json, path: Path): void => {
    if (typeof value === 'string') scan(value, path);
    if (typeof value !== 'object' || value === null) return;
    checkDepth(path.length);
    for (const [name, member] of Object.entries(value)) {
      const below = [...path, Array.isArray(value) ? Number(name) : name];
      if (!Array.isArray(value)) scan(name, below);
      if (member !== undefined) scanAll(member, below);
    }
  };
  visit(type, document, { reference: (_, value, path) => scanAll(value, path), text: scan, key: scan });
  return found;
}
