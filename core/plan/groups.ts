import type { Document, Json } from '../model/resource.ts';
import type { Entry } from '../read/entry.ts';
import type { Fates } from './fate.ts';
import type { Snapshot } from './snapshot.ts';

/** A flow group of the source, by its own id. */
export interface SourceGroup {
  integrationId: string;
  name: string;
}

/** The flow groups of all integrations that were read, by their ids. */
export function groupsOf(snapshot: Snapshot): Map<string, SourceGroup> {
  const groups = new Map<string, SourceGroup>();
  for (const entry of snapshot.source.entries.values()) {
    for (const { id, name } of entry.facts.groups ?? []) groups.set(id, { integrationId: entry.id, name });
  }
  return groups;
}

/** An integration of the target, as far as the snapshot knows it; its flow groups are always known. */
export function integrationThere(snapshot: Snapshot, targetId: string): Document | undefined {
  const { mapped, standalone, copies } = snapshot.target;
  if (standalone?._id === targetId) return standalone;
  return mapped.get(targetId) ?? copies.get(targetId)?.document;
}

/** The id of the group in the target; `undefined` where there is none of this name yet. */
export function groupIdThere(snapshot: Snapshot, fates: Fates, group: SourceGroup): string | undefined {
  const fate = fates.get(group.integrationId);
  if (!fate || !('targetId' in fate)) return undefined;
  const present: Json | undefined = integrationThere(snapshot, fate.targetId)?.['flowGroupings'];
  if (!Array.isArray(present)) return undefined;
  for (const one of present) {
    if (typeof one !== 'object' || one === null || Array.isArray(one) || one['name'] !== group.name) continue;
    return typeof one['_id'] === 'string' ? one['_id'] : undefined;
  }
  return undefined;
}

/** Whether a clone may add groups to the integration: it never writes to what `idMap` and `keep` leave as it is. */
export function mayAddGroups(snapshot: Snapshot, fates: Fates, integrationId: string): boolean {
  const { idMap, onExisting } = snapshot.request;
  if (Object.hasOwn(idMap, integrationId)) return false;
  return fates.get(integrationId)?.kind !== 'copy' || onExisting !== 'keep';
}

/** The flow groups that flows of the closure are in. */
export function usedGroups(
  snapshot: Snapshot,
  fates: Fates,
  groups: ReadonlyMap<string, SourceGroup>,
): Map<string, SourceGroup> {
  const used = new Map<string, SourceGroup>();
  for (const entry of snapshot.source.entries.values()) {
    const fate = fates.get(entry.id);
    if (fate?.kind !== 'create' && fate?.kind !== 'copy') continue;
    for (const id of groupIdsOf(entry)) {
      const group = groups.get(id);
      if (group && fates.has(group.integrationId)) used.set(id, group);
    }
  }
  return used;
}

/** The flow groups a resource names. */
export function groupIdsOf(entry: Pick<Entry, 'references'>): string[] {
  return entry.references.filter(({ row }) => row.kind === 'inside').map(({ id }) => String(id));
}

/** Integrations that are there already and lack a flow group which a cloned flow is in. */
export function integrationsToGroup(
  snapshot: Snapshot,
  fates: Fates,
  used: ReadonlyMap<string, SourceGroup>,
): Set<string> {
  const result = new Set<string>();
  for (const group of used.values()) {
    const kind = fates.get(group.integrationId)?.kind;
    if (kind !== 'fixed' && kind !== 'copy') continue;
    if (!mayAddGroups(snapshot, fates, group.integrationId)) continue;
    if (groupIdThere(snapshot, fates, group) === undefined) result.add(group.integrationId);
  }
  return result;
}
