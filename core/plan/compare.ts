import { contains } from '../merge/index.ts';
import type { Json, JsonObject, ResourceType } from '../model/resource.ts';
import { comparable } from '../references/index.ts';

/**
 * Pointers at which a resource of the target differs from what was meant: what was sent must be contained in what
 * is there, since integrator.io adds fields of its own. `disabled` of a flow is the target's own.
 */
export function differences(type: ResourceType, actual: JsonObject, meant: JsonObject): string[] {
  const there = comparable(type, actual);
  const wanted = { ...comparable(type, meant) };
  if (type === 'flow') delete wanted['disabled'];
  if (type === 'integration') {
    const missing = missingGroups(there['flowGroupings'], wanted['flowGroupings']);
    delete wanted['flowGroupings'];
    return [...missing, ...contains(type, there, wanted)];
  }
  return contains(type, there, wanted);
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
