import { isObject } from '../model/pointer.ts';
import type { Json, JsonObject, ResourceType } from '../model/resource.ts';
import { comparable, mergeable } from '../references/index.ts';
import { identifyGroups, type Renamed } from './group-forms.ts';

/** The three documents of a merge. */
export interface MergeForms {
  base: JsonObject | undefined;
  source: JsonObject;
  target: JsonObject;
}

/**
 * The forms in which a copy is merged. Branches are told apart by `branchId` as long as the copy has those of its
 * source. Where the server made them, because the source had none, they say nothing: then they are left out, and
 * are no difference.
 *
 * Flow groups are told apart by the names they had when the copy was last in step.
 */
export function mergeForms(
  type: ResourceType,
  { base, source, target }: MergeForms,
  renamed: Renamed,
): MergeForms {
  const forms = { base, source: mergeable(type, source), target: mergeable(type, target) };
  if (type === 'integration') return identifyGroups(forms, renamed);
  if (haveSharedIds(forms)) return forms;
  return {
    base: base && comparable(type, base),
    source: comparable(type, source),
    target: comparable(type, target),
  };
}

function haveSharedIds({ base, source, target }: MergeForms): boolean {
  const [inBase, inSource, inTarget] = [base ?? {}, source, target].map(branchIds);
  if (inBase === undefined || inSource === undefined || inTarget === undefined) return false;
  return [inBase, inSource].every(
    (ids) => ids.size === 0 || inTarget.size === 0 || [...ids].some((id) => inTarget.has(id)),
  );
}

/** The ids of all branches; `undefined`: one has none, or two of one router have the same. */
function branchIds(document: JsonObject): Set<Json> | undefined {
  const all = new Set<Json>();
  for (const router of elements(document['routers'])) {
    const branches = elements(router['branches']);
    const ids = new Set(branches.map(({ branchId }) => branchId ?? null));
    if (ids.size < branches.length) return undefined;
    for (const id of ids) {
      if (typeof id !== 'string' || id === '') return undefined;
      all.add(id);
    }
  }
  return all;
}

function elements(list: Json | undefined): JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
