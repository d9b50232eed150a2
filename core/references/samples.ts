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
  const below = (step: string | number, member: Json | undefined): void => {
    // Most members are neither sample data nor hold any.
    const isSample = typeof step === 'string' && NAMES.has(step);
    if (!isSample && (typeof member !== 'object' || member === null)) return;
    path.push(step);
    if (!isSample) scan(member);
    else if (member !== undefined && member !== null && member !== '') found.push(pointerOf(path));
    path.pop();
  };
  const scan = (value: Json | undefined): void => {
    if (typeof value !== 'object' || value === null) return;
    checkDepth(path.length);
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index += 1) below(index, value[index]);
    } else {
      for (const name of Object.keys(value)) below(name, value[name]);
    }
  };
  scan(document);
  return found;
}
