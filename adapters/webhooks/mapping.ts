import { format } from '../../core/model/pointer.ts';
import type { Json, JsonObject } from '../../core/model/resource.ts';
import { evaluate, isTrue } from './expression.ts';

/** A template filled in. */
export interface Mapped {
  value: JsonObject;
  /** JSON Pointers to the values that the payload did not give: members are left out of `value`, entries are null. */
  missing: string[];
}

/** Whether a hook wants a payload. Without an expression it wants every one. */
export function isWanted(when: string | undefined, payload: Json): boolean {
  return when === undefined || isTrue(evaluate(when, payload));
}

/** Puts what its expressions find in the payload into the places of a template. */
export function mapPayload(template: JsonObject, payload: Json): Mapped {
  const missing: string[] = [];
  const fill = (value: Json | undefined, path: readonly string[]): Json | undefined => {
    if (value === undefined || value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) {
      // The entries behind it keep their places, by which they are told where they are wrong.
      return value.map((entry, index) => fill(entry, [...path, String(index)]) ?? null);
    }
    const expression = value['$jmespath'];
    if (typeof expression === 'string') {
      const found = evaluate(expression, payload);
      if (found === undefined) missing.push(format(path));
      return found;
    }
    return fillMembers(value, path);
  };
  const fillMembers = (value: JsonObject, path: readonly string[]): JsonObject => {
    const filled: [string, Json][] = [];
    for (const [name, member] of Object.entries(value)) {
      const made = fill(member, [...path, name]);
      if (made !== undefined) filled.push([name, made]);
    }
    return Object.fromEntries(filled);
  };
  return { value: fillMembers(template, []), missing };
}
