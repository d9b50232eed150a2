import { type Fields, isObject } from './documents.ts';
import { fail } from './errors.ts';

const AN_HOUR = 3_600_000;

/**
 * Applies a JSON Patch (RFC 6902: `add`, `replace`, `remove`) in place.
 *
 * @param patchable what a patch may reach; anything else is refused
 * @throws {ApiError} 422 for an operation that is unknown, out of reach or without a target
 */
export function applyPatch(document: Fields, patch: unknown, patchable: readonly RegExp[]): void {
  if (!Array.isArray(patch)) throw refuse('A patch is a list of operations.', undefined);
  for (const [index, operation] of patch.entries()) {
    const field = `[${index}]`;
    if (!isObject(operation)) throw refuse('An operation is an object.', field);
    const { op, path, value } = operation;
    if (op !== 'add' && op !== 'replace' && op !== 'remove') throw refuse(`Unknown operation: ${op}`, field);
    if (typeof path !== 'string' || !patchable.some((pattern) => pattern.test(path))) {
      throw refuse(`This path can not be patched: ${path}`, field);
    }
    if (op !== 'remove' && value === undefined) throw refuse('The operation has no value.', field);
    if (path.endsWith('/debugUntil') && op !== 'remove') checkDebugUntil(value, field);
    change(document, op, path, value, field);
  }
}

function change(
  document: Fields,
  op: 'add' | 'replace' | 'remove',
  path: string,
  value: unknown,
  field: string,
) {
  const keys = path.slice(1).split('/').map(unescapePointer);
  if (keys.includes('__proto__')) throw refuse(`There is nothing at ${path}`, field);
  const last = keys.pop() as string;
  let holder: unknown = document;
  for (const key of keys) {
    const next = childOf(holder, key);
    if (next === undefined && isObject(holder) && op !== 'remove') holder[key] = {};
    holder = childOf(holder, key);
  }
  if (Array.isArray(holder)) {
    const index = last === '-' ? holder.length : Number(last);
    if (!Number.isInteger(index) || index < 0 || index > holder.length) throw refuse('No such index.', field);
    if (op === 'add') holder.splice(index, 0, value);
    else if (index === holder.length) throw refuse('No such index.', field);
    else if (op === 'remove') holder.splice(index, 1);
    else holder[index] = value;
    return;
  }
  if (!isObject(holder)) throw refuse(`There is nothing at ${path}`, field);
  if (op === 'remove') delete holder[last];
  else holder[last] = value;
}

function childOf(holder: unknown, key: string): unknown {
  if (Array.isArray(holder)) return holder[Number(key)];
  return isObject(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined;
}

/** Debugging can be switched on for an hour at most. */
function checkDebugUntil(value: unknown, field: string): void {
  const until = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(until) || until > Date.now() + AN_HOUR) {
    throw fail(422, 'invalid_value', 'debugUntil must be a time within the next hour.', field);
  }
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

function refuse(message: string, field: string | undefined) {
  return fail(422, 'invalid_request', message, field);
}
