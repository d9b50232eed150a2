import type { Json, JsonObject } from '../model/resource.ts';

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Sets a member of an object that is being built. A document may bring a member named `__proto__` along;
 * assigned, it would become the prototype, so it is defined instead and stays the plain member it was.
 */
export function put(object: JsonObject, name: string, value: Json): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[name] = value;
  }
}
