import { FlowferryError } from './problem.ts';
import type { Json, JsonObject } from './resource.ts';

/**
 * JSON Pointers (RFC 6901) over JSON values. Only own members are ever looked at and members are defined,
 * not assigned, so that a pointer with `__proto__` or `constructor` in it reaches no prototype.
 *
 * A pointer that is none makes every function here throw a FlowferryError with code `invalid_pointer`.
 */

const WELL_FORMED = /^(?:\/(?:[^~/]|~[01])*)*$/;
const ARRAY_INDEX = /^(?:0|[1-9][0-9]{0,8})$/;

/** One segment as it stands in a pointer: `~` and `/` are written `~0` and `~1` (RFC 6901, section 3). */
export function escapeSegment(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The segments a pointer names, unescaped; none for `''`, which is the whole document. */
export function parse(pointer: string): string[] {
  if (!WELL_FORMED.test(pointer)) {
    throw new FlowferryError('invalid_pointer', `Not a JSON Pointer: ${JSON.stringify(pointer)}`);
  }
  // `~1` goes first, else `~01` would become `/` instead of `~1`.
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The pointer that names these segments: the inverse of `parse`. */
export function format(segments: readonly string[]): string {
  return segments.map((segment) => `/${escapeSegment(segment)}`).join('');
}

/** The pointer to a member or an element of what `pointer` names. */
export function child(pointer: string, segment: string | number): string {
  return `${pointer}/${typeof segment === 'number' ? segment : escapeSegment(segment)}`;
}

/** Whether this is a JSON object: neither null nor an array. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object's own member; `undefined` where it has none of that name. */
export function member(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Gives an object a member of its own, whatever the name: `__proto__` becomes an ordinary one. */
export function define(object: JsonObject, name: string, value: Json | undefined): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[name] = value;
  }
}

/** The value a pointer names; `undefined` where there is none. `-` names no element. */
export function get(document: Json, pointer: string): Json | undefined {
  let value: Json | undefined = document;
  for (const segment of parse(pointer)) {
    if (Array.isArray(value)) value = ARRAY_INDEX.test(segment) ? value[Number(segment)] : undefined;
    else if (isObject(value)) value = member(value, segment);
    else return undefined;
  }
  return value;
}

/**
 * The document with this value at that place. The one given stays as it is; what lies beside the path is shared.
 * Missing objects on the way are made. An element of an array is replaced; `-`, or the array's length, appends.
 *
 * Throws `path_not_found` where the path runs through a scalar, or names no element of an array.
 */
export function set(document: Json, pointer: string, value: Json): Json {
  return setAt(document, parse(pointer), 0, value, pointer);
}

function setAt(
  node: Json | undefined,
  path: readonly string[],
  depth: number,
  value: Json,
  pointer: string,
): Json {
  const segment = path[depth];
  if (segment === undefined) return value;
  if (Array.isArray(node)) {
    const index = segment === '-' ? node.length : ARRAY_INDEX.test(segment) ? Number(segment) : -1;
    if (index < 0 || index > node.length) throw notFound(pointer);
    const copy = [...node];
    copy[index] = setAt(node[index], path, depth + 1, value, pointer);
    return copy;
  }
  if (node !== undefined && !isObject(node)) throw notFound(pointer);
  const copy = copyOf(node ?? {});
  define(copy, segment, setAt(node && member(node, segment), path, depth + 1, value, pointer));
  return copy;
}

/**
 * The document without what the pointer names; the very same document where it names nothing. The one given
 * stays as it is. The elements behind a removed one move up. The whole document (`''`) can't be removed:
 * `path_not_found`.
 */
export function remove(document: Json, pointer: string): Json {
  const path = parse(pointer);
  if (path.length === 0) throw notFound(pointer);
  return get(document, pointer) === undefined ? document : removeAt(document, path, 0);
}

function removeAt(node: Json, path: readonly string[], depth: number): Json {
  const segment = path[depth];
  if (segment === undefined) return node;
  const last = depth === path.length - 1;
  if (Array.isArray(node)) {
    const index = Number(segment);
    const element = node[index];
    if (last || element === undefined) return node.toSpliced(index, 1);
    return node.with(index, removeAt(element, path, depth + 1));
  }
  if (!isObject(node)) return node;
  const copy = copyOf(node);
  const value = member(node, segment);
  if (last || value === undefined) delete copy[segment];
  else define(copy, segment, removeAt(value, path, depth + 1));
  return copy;
}

/** A shallow copy. Spreading defines members, so an own `__proto__` survives it. */
function copyOf(object: JsonObject): JsonObject {
  return { ...object };
}

function notFound(pointer: string): FlowferryError {
  return new FlowferryError('path_not_found', `There is no place ${JSON.stringify(pointer)} in the document`);
}
