import type { ResourceType } from '../model/resource.ts';
import type { Entry } from '../read/entry.ts';
import type { Fates } from './fate.ts';
import { integrationThere } from './groups.ts';
import type { Registration } from './plan.ts';
import { isKept } from './reach.ts';
import { isSameAccount, type Snapshot } from './snapshot.ts';

/** Where a flow's connections are registered: a cloned or given integration of the source, or one of the target. */
type Home = { sourceId: string } | { targetId: string };

/**
 * The connections each integration must know: those that were registered on the source's, as far as they are in
 * the closure, and those of the flows it holds. What is registered already is left out.
 */
export function registrationsOf(
  snapshot: Snapshot,
  fates: Fates,
  at: (sourceId: string) => number | undefined,
): Registration[] {
  const registrations: Registration[] = [];
  for (const { home, connections } of wanted(snapshot, fates)) {
    const targetId = 'targetId' in home ? home.targetId : targetIdOf(fates, home.sourceId);
    const document = targetId === undefined ? undefined : integrationThere(snapshot, targetId);
    const present = new Set(idsOf(document?.['_registeredConnectionIds']));
    const missing = [...connections].filter((id) => {
      const there = targetIdOf(fates, id);
      return there === undefined || !present.has(there);
    });
    if (missing.length === 0) continue;
    if ('targetId' in home) {
      registrations.push({ targetId: home.targetId, connections: missing.sort() });
      continue;
    }
    const integration = at(home.sourceId);
    if (integration !== undefined) registrations.push({ integration, connections: missing.sort() });
  }
  return registrations.sort((a, b) => (a.integration ?? -1) - (b.integration ?? -1));
}

function wanted(snapshot: Snapshot, fates: Fates): { home: Home; connections: Set<string> }[] {
  const { source, request } = snapshot;
  const byHome = new Map<string, { home: Home; connections: Set<string> }>();
  const usable = (id: string): boolean => {
    const fate = fates.get(id);
    return fate?.type === 'connection' && fate.kind !== 'blocked';
  };
  for (const entry of source.entries.values()) {
    if (entry.type !== 'integration' || !isWritable(entry, snapshot, fates)) continue;
    const connections = new Set((entry.facts.registered ?? []).filter(usable));
    byHome.set(entry.id, { home: { sourceId: entry.id }, connections });
  }
  const given = request.target.integrationId;
  if (given !== undefined) byHome.set('', { home: { targetId: given }, connections: new Set() });
  for (const flow of source.entries.values()) {
    const fate = fates.get(flow.id);
    if (flow.type !== 'flow' || (fate?.kind !== 'create' && fate?.kind !== 'copy')) continue;
    const integration = flow.references.find(({ pointer }) => pointer === '/_integrationId');
    const home = byHome.get(integration === undefined ? '' : String(integration.id));
    if (!home) continue;
    for (const step of [flow, ...flow.references.flatMap(({ id }) => source.entries.get(String(id)) ?? [])]) {
      if (!STEPS.has(step.type) && step !== flow) continue;
      for (const { to, id } of step.references) {
        if (to === 'connection' && usable(String(id))) home.connections.add(String(id));
      }
    }
  }
  return [...byHome.values()];
}

/** What a flow holds that has connections of its own. */
const STEPS: ReadonlySet<ResourceType> = new Set(['export', 'import']);

/** Integrations of `idMap` and copies that are kept are never written to. Neither is one that is its own copy. */
function isWritable(entry: Entry, snapshot: Snapshot, fates: Fates): boolean {
  const fate = fates.get(entry.id);
  if (!fate || fate.kind === 'blocked' || Object.hasOwn(snapshot.request.idMap, entry.id)) return false;
  if (isKept(snapshot, fates, entry.id)) return false;
  return !(isSameAccount(snapshot) && fate.kind === 'fixed' && fate.targetId === entry.id);
}

function targetIdOf(fates: Fates, sourceId: string): string | undefined {
  const fate = fates.get(sourceId);
  return fate && 'targetId' in fate ? fate.targetId : undefined;
}

function idsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((id): id is string => typeof id === 'string') : [];
}
