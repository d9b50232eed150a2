import type { Json } from '../model/resource.ts';
import { checkDepth } from './depth.ts';
import { pointerOf } from './pointer.ts';

/** What integrator.io shows in the place of a secret: six asterisks or more, and nothing else. */
const MASK = /^\*{6,}$/;

export function isMasked(value: Json | undefined): boolean {
  return typeof value === 'string' && value.startsWith('******') && MASK.test(value);
}

/**
 * JSON Pointers of the masked secrets in a document. A mask that is written back replaces the secret.
 *
 * @throws FlowferryError `document_too_deep`
 */
export function maskedPaths(document: Json): string[] {
  const found: string[] = [];
  const path: (string | number)[] = [];
  const scan = (value: Json | undefined): void => {
    if (isMasked(value)) found.push(pointerOf(path));
    if (typeof value !== 'object' || value === null) return;
    checkDepth(path.length);
    for (const name of Object.keys(value)) {
      path.push(Array.isArray(value) ? Number(name) : name);
      scan(Array.isArray(value) ? value[Number(name)] : value[name]);
      path.pop();
    }
  };
  scan(document);
  return found;
}
