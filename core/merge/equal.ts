import { isObject, member } from '../model/pointer.ts';
import type { Json } from '../model/resource.ts';

/**
 * Whether a value says nothing: absent, null, an empty array, or an object of nothing but such members.
 * integrator.io stores these as one another, depending on the field: an absent list comes back empty, a null or an
 * empty object may come back not at all. The empty string is a value.
 */
export function isBlank(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (!isObject(value)) return false;
  for (const name of Object.keys(value)) if (!isBlank(member(value, name))) return false;
  return true;
}

/**
 * Whether two values mean the same: equal all the way down, members in any order, elements in theirs; what is blank
 * equals what is blank.
 */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((element, index) => equal(element, b[index]));
  }
  if (isObject(a) && isObject(b)) {
    for (const name of Object.keys(a)) if (!equal(member(a, name), member(b, name))) return false;
    for (const name of Object.keys(b)) if (!Object.hasOwn(a, name) && !isBlank(b[name])) return false;
    return true;
  }
  return isBlank(a) && isBlank(b);
}

/** Whether two values are written the same: as `equal`, but null, empty and absent are three things. */
export function identical(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((element, index) => identical(element, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  for (const name of Object.keys(a)) if (!identical(member(a, name), member(b, name))) return false;
  for (const name of Object.keys(b)) if (!Object.hasOwn(a, name) && b[name] !== undefined) return false;
  return true;
}
