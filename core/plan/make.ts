import type { ActionCounts } from '../model/clone.ts';
import type { ResourceType } from '../model/resource.ts';
import type { CallStats } from '../ports.ts';
import { costOf, type Pace } from './cost.ts';
import { decideFates } from './decide.ts';
import { Differ, type Subject } from './differ.ts';
import type { Fates } from './fate.ts';
import { Findings } from './findings.ts';
import { fingerprintOf } from './fingerprint.ts';
import { flowsOf, reportRuns } from './flows.ts';
import { groupsOf, integrationsToGroup, usedGroups } from './groups.ts';
import { homeOf } from './ids.ts';
import { type Link, linksOf } from './links.ts';
import { Merger } from './merger.ts';
import { type Edge, orderByNeeds } from './order.ts';
import type { Plan, PlannedAction, PlanWithBodies } from './plan.ts';
import { planPrunes } from './prune.ts';
import { dropUnreached } from './reach.ts';
import { registrationsOf } from './registrations.ts';
import type { Snapshot } from './snapshot.ts';
import { warnOfSkippedRuns, warnOfUnused } from './unused.ts';
import { warnOfLosses, warnOfRisks } from './warnings.ts';

/** Where two resources could go in any order, this one is taken: as integrator.io's own tools create them. */
const TIERS: readonly ResourceType[] = [
  'iclient',
  'stack',
  'agent',
  'script',
  'connection',
  'filedefinition',
  'ediprofile',
  'lookupcache',
  'integration',
  'export',
  'import',
  'asynchelper',
  'tool',
  'api',
  'flow',
];

/** What making a plan needs to know of the accounts besides the snapshot. */
export interface PlanContext {
  read: { source: CallStats; target: CallStats };
  pace: { source: Pace; target: Pace };
}

/** One resource of the closure on its way to an action. */
type Node = Subject;

/**
 * Makes the plan: a pure function of snapshot and options. Every blocker is found; a plan that has one is never
 * carried out.
 */
export function makePlan(snapshot: Snapshot, context: PlanContext): PlanWithBodies {
  const findings = new Findings();
  reportMissing(snapshot, findings);
  const fates = decideFates(snapshot, findings);
  dropUnreached(snapshot, fates);
  const groups = groupsOf(snapshot);
  const links = linksOf(snapshot, fates, groups, findings);
  warnOfLosses(snapshot, fates, findings);
  warnOfUnused(snapshot, fates, findings);

  const nodes = nodesOf(snapshot, fates);
  const index = new Map(nodes.map((node, position) => [node.id, position]));
  const created = new Set(nodes.filter(({ fate }) => fate.kind === 'create').map(({ id }) => id));
  const used = usedGroups(snapshot, fates, groups);
  const grouped = integrationsToGroup(snapshot, fates, used);
  const order = orderByNeeds(nodes.length, edgesOf(links, nodes, index, created, grouped));
  for (const circle of order.stuck) reportCircle(circle, nodes, findings);

  const position = new Map(order.sequence.map((node, place) => [node, place]));
  const place = (node: number): number => position.get(node) ?? 0;
  const plan: PlanWithBodies = { plan: undefined as unknown as Plan, bodies: new Map(), hashes: new Map() };
  const differ = new Differ(snapshot, fates, used, findings);
  const merger = snapshot.sync && new Merger(snapshot, snapshot.sync.order, fates, used, findings, differ);
  const lastGrouping = new Map<string, number>();
  const actions = order.sequence.map((node, at): PlannedAction => {
    const { id, type, name, fate, entry } = nodes[node] as Node;
    // Only scripts are told unchanged by their time: their content is not in lists.
    const modified =
      type === 'script' && entry?.modified !== undefined ? { sourceModified: entry.modified } : {};
    const base = { type, sourceId: id, name, ...modified };
    const needs = (order.needs[node] ?? []).map(place);
    const late = (order.late[node] ?? []).map(place);
    const textIds = entry && entry.textIds.length > 0 ? { textIds: true as const } : {};
    const kept = (action: PlannedAction): PlannedAction => {
      // Of what stays as it is nothing will be written.
      const isWritten = action.action !== 'unchanged' || action.adopted || action.rebase;
      if (entry && isWritten) {
        plan.bodies.set(at, entry.bytes);
        plan.hashes.set(at, entry.hash);
      }
      return action;
    };
    if (fate.kind === 'create') {
      differ.tryOverrides(nodes[node] as Node);
      merger?.creates(nodes[node] as Node);
      const stub = fate.stub ? { stub: true as const } : {};
      const gone = snapshot.target.rows.get(id)?.targetId;
      const replaces = gone === undefined ? {} : { replaces: gone };
      return kept({ ...base, ...textIds, ...stub, ...replaces, action: 'create', needs, late });
    }
    const targetId = 'targetId' in fate ? fate.targetId : undefined;
    if (fate.kind !== 'copy') {
      if (!grouped.has(id)) return { ...base, targetId, action: 'reuse', needs, late: [] };
      // Each of them is read and written back whole: two at a time would lose what one of them adds.
      const before = lastGrouping.get(String(targetId));
      lastGrouping.set(String(targetId), at);
      const after = before === undefined ? needs : [...needs, before];
      return { ...base, targetId, action: 'update', groupsOnly: true, needs: after, late: [] };
    }
    const takeover = fate.row?.made === true ? {} : { adopted: true as const };
    // A connection of the ledger is a stub that an earlier clone made: the customer's own since.
    if (type === 'connection') return { ...base, targetId, action: 'reuse', stub: true, needs: [], late: [] };
    if (snapshot.request.onExisting === 'keep') {
      const reuse = { ...base, ...textIds, targetId, action: 'reuse' as const, late: [] };
      if (fate.row !== undefined) return { ...reuse, needs: [] };
      return kept({ ...reuse, ...takeover, needs: [...new Set([...needs, ...late])] });
    }
    const merged = merger?.decide(nodes[node] as Node);
    const changed = merged ? merged.changed : differ.isChanged(nodes[node] as Node, created);
    return kept({
      ...(merged?.rebase ? { rebase: merged.rebase } : {}),
      ...(merged?.ownGroup === undefined ? {} : { ownGroup: merged.ownGroup }),
      ...base,
      ...textIds,
      // What is ours already and stays as it is need not be taken over again.
      ...(changed || fate.row === undefined ? takeover : {}),
      targetId,
      action: changed ? 'update' : 'unchanged',
      needs: changed ? [...new Set([...needs, ...late])] : [],
      late: [],
    });
  });

  warnOfRisks(snapshot, actions, findings);
  if (merger && snapshot.sync) planPrunes(snapshot.sync, merger, findings);

  const at = (sourceId: string): number => place(index.get(sourceId) ?? 0);
  const flows = flowsOf(snapshot, fates, actions, at);
  reportRuns(snapshot, flows, actions, findings);
  warnOfSkippedRuns(snapshot, flows, actions, findings);
  const registrations = registrationsOf(snapshot, fates, (id) => (index.has(id) ? at(id) : undefined));
  const planGroups: Plan['groups'] = Object.fromEntries(
    [...used].map(([id, group]) => [id, { integration: at(group.integrationId), name: group.name }]),
  );
  const wakeCalls = snapshot.request.activate ? flows.filter(({ disabled }) => !disabled).length : 0;
  plan.plan = {
    fingerprint: fingerprintOf(snapshot),
    counts: countsOf(actions),
    cost: costOf(actions, registrations, wakeCalls, context.read, context.pace),
    actions,
    ...findings.sorted(),
    flows,
    registrations,
    groups: planGroups,
    homeIntegrationId: homeOf(snapshot),
    ...(merger ? { sync: merger.findings() } : {}),
  };
  return plan;
}

function reportMissing(snapshot: Snapshot, findings: Findings): void {
  const { request, source } = snapshot;
  // What a sync copied before may go from the source: then it is pruned.
  const isGone = (id: string): boolean =>
    source.missing.has(id) && snapshot.sync?.chosenBefore.has(id) !== true;
  (request.source.flowIds ?? []).forEach((id, index) => {
    if (!isGone(id)) return;
    findings.block('flow_not_found', `The source account has no flow ${id}.`, {
      type: 'flow',
      sourceId: id,
      path: `/source/flowIds/${index}`,
    });
  });
  (request.source.integrationIds ?? []).forEach((id, index) => {
    if (!isGone(id)) return;
    findings.block('integration_not_found', `The source account has no integration ${id}.`, {
      type: 'integration',
      sourceId: id,
      path: `/source/integrationIds/${index}`,
    });
  });
}

function reportCircle(circle: readonly number[], nodes: readonly Node[], findings: Findings): void {
  const names = circle.map((node) => `${nodes[node]?.type} "${nodes[node]?.name}"`).join(' → ');
  const first = nodes[circle[0] ?? 0];
  findings.block('unresolved_reference', `These need each other, and none can be made first: ${names}.`, {
    type: first?.type,
    sourceId: first?.id,
  });
}

/** The resources in an order that does not depend on how they were read. */
function nodesOf(snapshot: Snapshot, fates: Fates): Node[] {
  const tier = new Map(TIERS.map((type, number) => [type, number]));
  return [...fates]
    .map(([id, fate]): Node => {
      const entry = snapshot.source.entries.get(id);
      const name = entry?.name ?? snapshot.source.unread.get(id)?.name ?? ('name' in fate ? fate.name : id);
      return { id, type: fate.type, name, fate, entry };
    })
    .sort((a, b) => (tier.get(a.type) ?? 0) - (tier.get(b.type) ?? 0) || (a.id < b.id ? -1 : 1));
}

function edgesOf(
  links: readonly Link[],
  nodes: readonly Node[],
  index: ReadonlyMap<string, number>,
  created: ReadonlySet<string>,
  grouped: ReadonlySet<string>,
): Edge[] {
  const edges: Edge[] = [];
  for (const link of links) {
    if (!created.has(link.to) && !grouped.has(link.to)) continue;
    const from = index.get(link.from);
    const to = index.get(link.to);
    if (from === undefined || to === undefined) continue;
    // What exists already is written once, when all it names exists: nothing of it need come later.
    const exists = nodes[from]?.fate.kind === 'copy';
    if (from !== to || !exists) edges.push({ from, to, soft: link.soft && !exists });
  }
  return edges;
}

function countsOf(actions: readonly PlannedAction[]): ActionCounts {
  const counts: ActionCounts = { create: 0, update: 0, reuse: 0, unchanged: 0 };
  for (const { action } of actions) counts[action] += 1;
  return counts;
}
