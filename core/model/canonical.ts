import { createHash } from 'node:crypto';
import type { Json, JsonObject } from './resource.ts';

/** JSON text that is the same for equal values, whatever order their members were written in. */
export function canonicalJson(value: Json | undefined): string {
  return JSON.stringify(ordered(value ?? null));
}

/**
 * The same value with members in one order. A sorted copy written by the platform takes half the time of writing
 * text piece by piece. A member may have any name: `__proto__` is defined, for assigned it would be no member.
 */
function ordered(value: Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(ordered);
  const copy: JsonObject = {};
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member === undefined) continue;
    if (key === '__proto__') Object.defineProperty(copy, key, { value: ordered(member), enumerable: true });
    else copy[key] = ordered(member);
  }
  return copy;
}

/** SHA-256 in hexadecimal. */
export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

/** SHA-256 of a JSON value that does not depend on the order of its members. */
export function hashOf(value: Json | undefined): string {
  return sha256(canonicalJson(value));
}
