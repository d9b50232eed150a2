import { child, define, isObject, member } from '../model/pointer.ts';
import type { Json, JsonObject, ResourceType } from '../model/resource.ts';
import { isReordered, orderKey, orderMark } from './disputes.ts';
import { isBlank } from './equal.ts';
import type { ArrayRule } from './identities.ts';
import { inTurn, type Keyed, type KeyedSides, keySides } from './keyed.ts';
import { append, emptyLog, logApplied, logConflict, logKept, type MergeLog } from './log.ts';
import { interleave, whoMoved } from './order.ts';
import type { Context, Place, Sides } from './place.ts';
import { type TenantElements, type TenantTree, tenantElements, tenantTree } from './tenant.ts';
import { mergeTopology, TOPOLOGY } from './topology.ts';
import type { MergeInput, MergeResult, PathChange } from './types.ts';
import { keepOwn, mergeWhole } from './whole.ts';

/**
 * Brings two documents that came from one together, path by path. What the source alone changed is applied, what the
 * target alone changed is its own and stays, what both changed alike is neither, and what both changed apart is
 * settled by the policy. A removal counts as a change. Without a base whatever differs is a conflict, but a member
 * that only one side has stays or comes.
 *
 * The base to remember for the next merge is the `source` given here, not the document that comes out: with the
 * latter, what the tenant added would look like something that the source has removed since.
 *
 * `disabled` of a flow is always the target's, and never drift.
 *
 * Throws a FlowferryError with code `invalid_pointer` where `tenantPaths`, or the policy when a conflict asks it, hold
 * something else than a JSON Pointer.
 */
export function merge(input: MergeInput): MergeResult {
  const { type, policy, base, source, target, disputed = {} } = input;
  const log = emptyLog();
  const tenant = tenantTree(input.tenantPaths ?? []);
  const root = { pointer: '', path: [], key: '' };
  const document =
    tenant?.whole === true
      ? target
      : mergeMembers({ type, policy, disputed }, log, root, { base, source, target }, tenant);
  if (tenant?.whole === true) keepOwn(log, root, input);
  return {
    document,
    changed: log.applied.length > 0,
    ...log,
    disputed: log.disputed.length === 0 ? undefined : Object.fromEntries(log.disputed),
  };
}

/** What would have to change in `from` to make it `to`: what a merge of them applies where nobody else moved. */
export function diff(type: ResourceType, from: JsonObject, to: JsonObject): PathChange[] {
  return merge({ type, base: from, source: to, target: from, policy: 'take-source' }).applied;
}

function mergeValue(
  context: Context,
  log: MergeLog,
  place: Place,
  given: Sides,
  tenant: TenantTree | undefined,
): Json | undefined {
  if (tenant?.whole === true) return keepOwn(log, place, given);
  const sides = tenant === undefined ? given : filledIn(given);
  const { base, source, target } = sides;
  if (isObject(source) && isObject(target)) {
    const members = { base: isObject(base) ? base : undefined, source, target };
    const merged = mergeMembers(context, log, place, members, tenant);
    return tenant !== undefined && isBlank(merged) && isBlank(given.target) ? given.target : merged;
  }
  const keyed = keySides(context.type, place, sides);
  if (keyed !== undefined) return mergeElements(context, log, place, sides, keyed, tenant);
  return mergeOrKeep(context, log, place, sides, tenant);
}

/** A tenant's path that leads into a value without parts to tell apart makes the whole value the tenant's. */
function mergeOrKeep(
  context: Context,
  log: MergeLog,
  place: Place,
  sides: Sides,
  tenant: TenantTree | undefined,
): Json | undefined {
  return tenant === undefined ? mergeWhole(context, log, place, sides) : keepOwn(log, place, sides);
}

/** An object that one side lacks counts as empty where a part of it is the tenant's: each part decides for itself. */
function filledIn({ base, source, target }: Sides): Sides {
  if (isObject(target) && isBlank(source)) return { base, source: {}, target };
  if (isObject(source) && isBlank(target)) return { base, source, target: {} };
  return { base, source, target };
}

function mergeMembers(
  context: Context,
  log: MergeLog,
  place: Place,
  sides: { base: JsonObject | undefined; source: JsonObject; target: JsonObject },
  tenant: TenantTree | undefined,
): JsonObject {
  const { base, source, target } = sides;
  const merged: JsonObject = {};
  const topOfFlow = place.path.length === 0 && context.type === 'flow';
  const topology = topOfFlow ? mergeTopology(context, log, sides, tenant) : undefined;
  for (const name of new Set([...Object.keys(target), ...Object.keys(source)])) {
    let value: Json | undefined;
    if (topOfFlow && name === 'disabled') {
      value = member(target, name);
    } else if (topology !== undefined && TOPOLOGY.includes(name)) {
      value = member(topology, name);
    } else {
      const values = {
        base: base && member(base, name),
        source: member(source, name),
        target: member(target, name),
      };
      const inner = {
        pointer: child(place.pointer, name),
        path: [...place.path, name],
        key: child(place.key, name),
      };
      value = mergeValue(context, log, inner, values, tenant?.below.get(name));
    }
    if (value !== undefined) define(merged, name, value);
  }
  return merged;
}

function mergeElements(
  context: Context,
  log: MergeLog,
  place: Place,
  whole: Sides,
  sides: KeyedSides,
  tenant: TenantTree | undefined,
): Json | undefined {
  const { rule, base, source, target } = sides;
  const part = emptyLog();
  const owned = tenant && tenantElements(tenant, sides);
  const path = [...place.path, '*'];
  const survivors = new Map<string, Json>();
  for (const key of new Set([...target.keys(), ...source.keys()])) {
    const inSource = source.get(key);
    const inTarget = target.get(key);
    const pointer = child(place.pointer, inTarget?.index ?? inSource?.index ?? 0);
    const values = {
      base: inSource === undefined && isOwned(owned, key) ? undefined : base.get(key)?.value,
      source: inSource?.value,
      target: inTarget?.value,
    };
    // Half an element would be none: what one side lacks is kept, or comes, in one piece.
    const tree = owned?.byKey.get(key);
    const parts = tree?.whole === true || (inSource && inTarget) ? tree : undefined;
    const value = mergeValue(context, part, { pointer, path, key: child(place.key, key) }, values, parts);
    if (value !== undefined) survivors.set(key, value);
  }
  const elements = inOrder(context, part, place, sides, survivors);
  if (rule.intact !== undefined && !rule.intact(elements) && wereIntact(rule, whole)) {
    return mergeOrKeep(context, log, place, whole, tenant);
  }
  append(log, part);
  if (elements.length > 0) return elements;
  if (source.size === 0) return whole.source;
  return target.size === 0 ? whole.target : elements;
}

function isOwned(owned: TenantElements | undefined, key: string): boolean {
  return owned !== undefined && (owned.anyAdded || owned.byKey.has(key));
}

function wereIntact(rule: ArrayRule, { source, target }: Sides): boolean {
  return [source, target].every((side) => !Array.isArray(side) || rule.intact?.(side) !== false);
}

/** What is left, in the order of the side that moved things; what only the other has stays with its neighbours. */
function inOrder(
  context: Context,
  log: MergeLog,
  place: Place,
  sides: KeyedSides,
  survivors: ReadonlyMap<string, Json>,
): Json[] {
  const alive = (keyed: Keyed): string[] => [...keyed.keys()].filter((key) => survivors.has(key));
  const inSource = (key: string): boolean => sides.source.has(key);
  const [source, target] = [alive(sides.source), alive(sides.target)];
  const settled = context.disputed[orderKey(place.key)];
  const isReopened = settled !== undefined && isReordered(settled, target.filter(inSource));
  let moved = whoMoved([...sides.base.keys()], source, target);
  if (moved === 'target' && isReopened) moved = 'both';
  let leader: 'source' | 'target' = moved === 'source' ? 'source' : 'target';
  if (sides.rule.set !== true) {
    if (moved === 'source') logApplied(log, place.pointer, 'changed');
    if (moved === 'target') logKept(log, place.pointer, 'changed');
    if (moved === 'both') {
      leader = logConflict(log, context, place.pointer, { taken: 'changed', kept: 'changed' });
    }
  }
  const ordered = leader === 'source' ? interleave(source, target) : interleave(target, source);
  const keys = inTurn(sides.rule, ordered);
  if (sides.rule.set !== true && leader === 'target') {
    const isDisputed = moved === 'both' || (moved === 'target' && settled !== undefined);
    // What comes from the source in this very merge has its place in the order, too.
    if (isDisputed) log.disputed.push([orderKey(place.key), orderMark(keys.filter(inSource))]);
  }
  return keys.map((key) => survivors.get(key)).filter((element) => element !== undefined);
}
