import { isObject } from '../model/pointer.ts';
import type { Json, JsonObject } from '../model/resource.ts';
import type { MergeForms } from './merge-forms.ts';

/** The flow groups of an integration. */
export function groupsIn(integration: JsonObject | undefined): JsonObject[] {
  const groups = integration?.['flowGroupings'];
  return Array.isArray(groups) ? groups.filter(isObject) : [];
}

/**
 * Groups that the source has renamed, by their new names: their old ones. Ids of groups are each account's own, so
 * that this can be told only of a group that stands where another stood, and only as long as the copy has one of them.
 */
export function renamedGroups({ base, source, target }: MergeForms): Map<Json, Json> {
  const [before, now, there] = [namesIn(base), namesIn(source), namesIn(target)];
  const pairs = before.flatMap((old, index): [Json, Json][] => {
    const name = now[index];
    if (name === undefined || before.includes(name) || now.includes(old)) return [];
    return there.includes(name) === there.includes(old) ? [] : [[name, old]];
  });
  return new Map(pairs);
}

/**
 * The source with the groups that it has no more and that the copy still has, as they were and where they were. They
 * stay: flows of the tenant's own may be in them, and undoing could not put a flow back into one that was taken away.
 */
export function withLostGroups(sides: MergeForms): JsonObject {
  const renamed = renamedGroups(sides);
  const there = new Set(namesIn(sides.target));
  const before = groupsIn(sides.base);
  const groups = groupsIn(sides.source);
  const names = groups.map((group) => renamed.get(nameOf(group)) ?? nameOf(group));
  for (const [index, lost] of before.entries()) {
    const name = nameOf(lost);
    if (names.includes(name) || !there.has(name)) continue;
    const neighbour = before.slice(0, index).findLast((one) => names.includes(nameOf(one)));
    const place = neighbour === undefined ? 0 : names.indexOf(nameOf(neighbour)) + 1;
    groups.splice(place, 0, lost);
    names.splice(place, 0, name);
  }
  return groups.length === groupsIn(sides.source).length
    ? sides.source
    : { ...sides.source, flowGroupings: groups };
}

/** Gives the groups of all sides the ids by which they are merged: the names that they had when all were in step. */
export function identifyGroups(forms: MergeForms): MergeForms {
  const renamed = renamedGroups(forms);
  const identified = (integration: JsonObject, idOf: (name: Json) => Json): JsonObject => {
    const groups = groupsIn(integration);
    if (groups.length === 0) return integration;
    return { ...integration, flowGroupings: groups.map((group) => ({ ...group, _id: idOf(nameOf(group)) })) };
  };
  const before = (name: Json): Json => renamed.get(name) ?? name;
  return {
    base: forms.base && identified(forms.base, before),
    source: identified(forms.source, before),
    target: identified(forms.target, before),
  };
}

function namesIn(integration: JsonObject | undefined): Json[] {
  return groupsIn(integration).map(nameOf);
}

function nameOf(group: JsonObject): Json {
  return group['name'] ?? null;
}
