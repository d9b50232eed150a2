import { child, isObject, member } from '../model/pointer.ts';
import type { JsonObject } from '../model/resource.ts';
import { isBlank } from './equal.ts';
import type { MergeLog } from './log.ts';
import type { Context } from './place.ts';
import type { TenantTree } from './tenant.ts';
import { keepOwn, mergeWhole } from './whole.ts';

/** A flow has page processors or routers, never both: integrator.io refuses that. */
export const TOPOLOGY: readonly string[] = ['pageProcessors', 'routers'];

/**
 * Both members of a flow as one value, where source and target disagree on which of them it has: merged one by one,
 * each side would add its own. `undefined` where they agree.
 */
export function mergeTopology(
  context: Context,
  log: MergeLog,
  sides: { base: JsonObject | undefined; source: JsonObject; target: JsonObject },
  tenant: TenantTree | undefined,
): JsonObject | undefined {
  const { base, source, target } = sides;
  const inSource = TOPOLOGY.filter((name) => !isBlank(member(source, name)));
  const inTarget = TOPOLOGY.filter((name) => !isBlank(member(target, name)));
  const [held] = inTarget;
  if (held === undefined || inSource.length === 0 || inSource.join() === inTarget.join()) return undefined;
  const place = { pointer: child('', held), path: [held], key: child('', held) };
  const values = { base: base && topologyOf(base), source: topologyOf(source), target: topologyOf(target) };
  const owned = TOPOLOGY.some((name) => tenant?.below.has(name));
  const merged = owned ? keepOwn(log, place, values) : mergeWhole(context, log, place, values);
  return isObject(merged) ? merged : undefined;
}

function topologyOf(document: JsonObject): JsonObject {
  return Object.fromEntries(TOPOLOGY.map((name) => [name, member(document, name)]));
}
