import type { Json, JsonObject } from '../model/resource.ts';
import { checkDepth } from './depth.ts';
import { pointerOf } from './pointer.ts';
import { SAMPLE_FIELDS } from './table/anywhere.ts';

const NAMES: ReadonlySet<string> = new Set(SAMPLE_FIELDS);

/**
 * JSON Pointers of the sample data in a document, to say what was left out. Empty ones are not listed.
 *
 * @throws FlowferryError `document_too_deep`
 */
export function samplePaths(document: JsonObject): string[] {
  const found: string[] = [];
  const path: (string | number)[] = [];
  const scan = (value: Json): void => {
    if (typeof value !== 'object' || value === null) return;
    checkDepth(path.length);
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue;
      path.push(Array.isArray(value) ? Number(name) : name);
      if (Array.isArray(value) || !NAMES.has(name)) scan(member);
      else if (member !== null && member !== '') found.push(pointerOf(path));
      path.pop();
    }
  };
  scan(document);
  return found;
}
