import { isObject } from '../model/pointer.ts';
import type { Json, JsonObject } from '../model/resource.ts';
import type { MergeForms } from './merge-forms.ts';

/** Groups of the source by their new names: their old ones. */
export type Renamed = ReadonlyMap<Json, Json>;

/** The flow groups of an integration. */
export function groupsIn(integration: JsonObject | undefined): JsonObject[] {
  const groups = integration?.['flowGroupings'];
  return Array.isArray(groups) ? groups.filter(isObject) : [];
}

/**
 * Which groups the source has renamed. Ids of groups are each account's own, so that this can be told only of a group
 * that stands where another stood, behind the same neighbour, and only as long as the copy has one of the two.
 */
export function renamedGroups({ base, source, target }: MergeForms): Renamed {
  const [before, now, there] = [namesIn(base), namesIn(source), namesIn(target)];
  const come = runsIn(now, before);
  const pairs = [...runsIn(before, now)].flatMap(([neighbour, gone]): [Json, Json][] => {
    const names = come.get(neighbour) ?? [];
    // Some of them were removed: which, nobody knows.
    if (names.length < gone.length) return [];
    return gone.map((old, index) => [names[index] ?? null, old]);
  });
  return new Map(pairs.filter(([name, old]) => there.includes(name) !== there.includes(old)));
}

/** The names that are not among others, by the name that they follow; `null` at the head. */
function runsIn(names: readonly Json[], others: readonly Json[]): Map<Json, Json[]> {
  const runs = new Map<Json, Json[]>();
  let neighbour: Json = null;
  for (const name of names) {
    if (others.includes(name)) neighbour = name;
    else runs.set(neighbour, [...(runs.get(neighbour) ?? []), name]);
  }
  return runs;
}

/**
 * The source with the groups that it has no more and that the copy still has, as they were and where they were. They
 * stay: flows of the tenant's own may be in them, and undoing could not put a flow back into one that was taken away.
 */
export function withLostGroups(sides: MergeForms, renamed: Renamed): JsonObject {
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
export function identifyGroups(forms: MergeForms, renamed: Renamed): MergeForms {
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
