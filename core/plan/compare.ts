import { contains } from '../merge/index.ts';
import type { Json, JsonObject, ResourceType } from '../model/resource.ts';
import { comparable } from '../references/index.ts';
import { isDroppable } from './essential.ts';

/**
 * Pointers at which a resource of the target differs from what was meant: what was sent must be contained in what
 * is there, since integrator.io adds fields of its own and drops some it does not know. `disabled` of a flow is the
 * target's own.
 */
export function differences(type: ResourceType, actual: JsonObject, meant: JsonObject): string[] {
  const there = comparable(type, actual);
  const { flowGroupings, ...wanted } = comparable(type, meant);
  const groups = type === 'integration' ? missingGroups(there['flowGroupings'], flowGroupings) : [];
  if (type !== 'integration' && flowGroupings !== undefined) wanted['flowGroupings'] = flowGroupings;
  return [...groups, ...contains(type, there, wanted).filter((path) => !isDroppable(type, path, there))];
}

/**
 * Pointers at which a resource of the target holds more than was sent to make it: what integrator.io adds by itself,
 * and what somebody else wrote.
 */
export function extras(type: ResourceType, actual: JsonObject, sent: JsonObject): string[] {
  return contains(type, comparable(type, sent), comparable(type, actual));
}

/** Flow groups are matched by name, and the target may have more of them. */
function missingGroups(actual: Json | undefined, wanted: Json | undefined): string[] {
  const names = new Set(groupNames(actual));
  return groupNames(wanted).flatMap((name, index) => (names.has(name) ? [] : [`/flowGroupings/${index}`]));
}

function groupNames(groups: Json | undefined): Json[] {
  if (!Array.isArray(groups)) return [];
  return groups.map((group) =>
    typeof group === 'object' && group !== null && !Array.isArray(group) ? (group['name'] ?? null) : null,
  );
}
