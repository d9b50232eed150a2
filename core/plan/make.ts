import type { ActionCounts } from '../model/clone.ts';
import { FlowferryError } from '../model/problem.ts';
import type { Document, ResourceType } from '../model/resource.ts';
import type { CallStats } from '../ports.ts';
import { documentOf, type Entry } from '../read/entry.ts';
import { PENDING } from '../references/index.ts';
import { bodyOf } from './body.ts';
import { differences } from './compare.ts';
import { costOf, type Pace } from './cost.ts';
import { decideFates } from './decide.ts';
import type { Fate, Fates } from './fate.ts';
import { Findings } from './findings.ts';
import { fingerprintOf } from './fingerprint.ts';
import { inputHashOf } from './input-hash.ts';
import { groupsOf, type Link, linksOf, type SourceGroup } from './links.ts';
import { type Edge, orderByNeeds } from './order.ts';
import type { Plan, PlannedAction, PlannedFlow, PlanWithBodies, Registration } from './plan.ts';
import { isSameAccount, type Snapshot } from './snapshot.ts';
import { warnOfLosses } from './warnings.ts';

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
interface Node {
  id: string;
  type: ResourceType;
  name: string;
  fate: Fate;
  entry: Entry | undefined;
}

/**
 * Makes the plan: a pure function of snapshot and options. Every blocker is found; a plan that has one is never
 * carried out.
 */
export function makePlan(snapshot: Snapshot, context: PlanContext): PlanWithBodies {
  const findings = new Findings();
  reportMissing(snapshot, findings);
  const fates = decideFates(snapshot, findings);
  const groups = groupsOf(snapshot);
  const links = linksOf(snapshot, fates, groups, findings);
  warnOfLosses(snapshot, fates, findings);

  const nodes = nodesOf(snapshot, fates);
  const index = new Map(nodes.map((node, position) => [node.id, position]));
  const created = new Set(nodes.filter(({ fate }) => fate.kind === 'create').map(({ id }) => id));
  const grouped = integrationsToGroup(snapshot, fates, groups, links);
  const order = orderByNeeds(nodes.length, edgesOf(links, nodes, index, created, grouped));
  for (const circle of order.stuck) reportCircle(circle, nodes, findings);

  const position = new Map(order.sequence.map((node, place) => [node, place]));
  const place = (node: number): number => position.get(node) ?? 0;
  const plan: PlanWithBodies = { plan: undefined as unknown as Plan, bodies: new Map(), hashes: new Map() };
  const differ = new Differ(snapshot, fates, groups, findings);
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
      if (entry) {
        plan.bodies.set(at, entry.bytes);
        plan.hashes.set(at, entry.hash);
      }
      return action;
    };
    if (fate.kind === 'create') {
      differ.tryOverrides(nodes[node] as Node);
      const stub = fate.stub ? { stub: true as const } : {};
      return kept({ ...base, ...textIds, ...stub, action: 'create', needs, late });
    }
    const targetId = 'targetId' in fate ? fate.targetId : undefined;
    if (fate.kind !== 'copy') {
      if (!grouped.has(id)) return { ...base, targetId, action: 'reuse', needs, late: [] };
      return kept({ ...base, targetId, action: 'update', groupsOnly: true, needs, late: [] });
    }
    const adopted = fate.row?.made === true || fate.row === undefined ? {} : { adopted: true as const };
    const takeover = fate.row === undefined ? { adopted: true as const } : adopted;
    // A connection of the ledger is a stub that an earlier clone made: the customer's own since.
    if (type === 'connection') return { ...base, targetId, action: 'reuse', stub: true, needs: [], late: [] };
    if (snapshot.request.onExisting === 'keep') {
      return { ...base, ...takeover, targetId, action: 'reuse', needs: [], late: [] };
    }
    const changed = differ.isChanged(nodes[node] as Node, created);
    return kept({
      ...base,
      ...textIds,
      ...takeover,
      targetId,
      action: changed ? 'update' : 'unchanged',
      needs: changed ? [...new Set([...needs, ...late])] : [],
      late: [],
    });
  });

  const at = (sourceId: string): number => place(index.get(sourceId) ?? 0);
  const flows = flowsOf(snapshot, fates, actions, at);
  reportRuns(snapshot, flows, actions, findings);
  const registrations = registrationsOf(snapshot, fates, index, at);
  const planGroups: Plan['groups'] = Object.fromEntries(
    [...groups]
      .filter(([, group]) => fates.has(group.integrationId))
      .map(([id, group]) => [id, { integration: at(group.integrationId), name: group.name }]),
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
    sameAccount: isSameAccount(snapshot),
  };
  return plan;
}

function reportMissing(snapshot: Snapshot, findings: Findings): void {
  const { request, source } = snapshot;
  (request.source.flowIds ?? []).forEach((id, index) => {
    if (!source.missing.has(id)) return;
    findings.block('flow_not_found', `The source account has no flow ${id}.`, {
      type: 'flow',
      sourceId: id,
      path: `/source/flowIds/${index}`,
    });
  });
  (request.source.integrationIds ?? []).forEach((id, index) => {
    if (!source.missing.has(id)) return;
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

/** Integrations that are used as they are and lack a flow group which a cloned flow is in. */
function integrationsToGroup(
  snapshot: Snapshot,
  fates: Fates,
  groups: ReadonlyMap<string, SourceGroup>,
  links: readonly Link[],
): Set<string> {
  const result = new Set<string>();
  const linked = new Set(links.map(({ from }) => from));
  for (const entry of snapshot.source.entries.values()) {
    if (entry.type !== 'flow' || !linked.has(entry.id)) continue;
    for (const reference of entry.references) {
      if (reference.row.kind !== 'inside') continue;
      const group = groups.get(String(reference.id));
      const fate = group && fates.get(group.integrationId);
      if (!group || fate?.kind !== 'fixed') continue;
      if (Object.hasOwn(snapshot.request.idMap, group.integrationId)) continue;
      const target = integrationDocument(snapshot, fate.targetId);
      const present = target?.['flowGroupings'];
      const has =
        Array.isArray(present) && present.some((one) => (one as Document | null)?.['name'] === group.name);
      if (!has) result.add(group.integrationId);
    }
  }
  return result;
}

function integrationDocument(snapshot: Snapshot, targetId: string): Document | undefined {
  const { mapped, standalone, copies } = snapshot.target;
  if (standalone?._id === targetId) return standalone;
  return mapped.get(targetId) ?? copies.get(targetId)?.document;
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

/** Compares copies with what they should be, and tries overrides where they will be applied. */
class Differ {
  readonly #snapshot: Snapshot;
  readonly #fates: Fates;
  readonly #groups: ReadonlyMap<string, SourceGroup>;
  readonly #findings: Findings;
  readonly #sourceIds: ReadonlySet<string>;

  constructor(
    snapshot: Snapshot,
    fates: Fates,
    groups: ReadonlyMap<string, SourceGroup>,
    findings: Findings,
  ) {
    this.#snapshot = snapshot;
    this.#fates = fates;
    this.#groups = groups;
    this.#findings = findings;
    this.#sourceIds = sourceIdsOf(
      [...fates].map(([id, fate]) => [id, 'targetId' in fate ? fate.targetId : undefined]),
    );
  }

  /** Target id where it is known, `PENDING` where it will be made. */
  #resolve = (id: string): string | undefined => {
    const fate = this.#fates.get(id);
    if (fate === undefined) return undefined;
    return 'targetId' in fate ? fate.targetId : PENDING;
  };

  #body(node: Node, entry: Entry): ReturnType<typeof bodyOf> | undefined {
    try {
      return bodyOf(
        { type: node.type, sourceId: node.id, name: node.name, document: documentOf(entry) },
        {
          resolve: this.#resolve,
          resolveGroup: (id) => (this.#groups.has(id) ? id : undefined),
          homeIntegrationId: homeOf(this.#snapshot),
          overrides: this.#snapshot.request.overrides,
          sourceIds: this.#sourceIds,
        },
      );
    } catch (error) {
      if (!(error instanceof FlowferryError)) throw error;
      const problem = error.problems[0];
      this.#findings.block('override_failed', problem?.message ?? error.message, {
        type: node.type,
        sourceId: node.id,
        path: problem?.path,
      });
      return undefined;
    }
  }

  /** Finds an override that would not apply before anything is written. */
  tryOverrides(node: Node): void {
    const { overrides } = this.#snapshot.request;
    if (node.entry && overrides.length > 0) this.#body(node, node.entry);
  }

  isChanged(node: Node, created: ReadonlySet<string>): boolean {
    const { entry, fate } = node;
    if (fate.kind !== 'copy' || !entry) return false;
    const ids = idsIn(entry);
    if (ids.some((id) => created.has(id))) {
      this.tryOverrides(node);
      return true;
    }
    const groupName = (id: string): string | undefined => this.#groups.get(id)?.name;
    const subject = { type: node.type, name: node.name, sourceId: node.id };
    const input = inputHashOf(
      subject,
      entry.hash,
      ids,
      (id) => groupName(id) ?? this.#resolve(id),
      this.#snapshot.request.overrides,
    );
    const isSameInput = fate.row?.sourceHash === input;
    if (isSameInput && fate.copy.asApplied) return false;
    if (fate.copy.asApplied) {
      this.tryOverrides(node);
      return true;
    }
    this.#warnOfEdit(node, fate);
    const body = this.#body(node, entry);
    if (!body) return true;
    if (fate.row && !isSameInput) return true;
    delete body['_flowGroupingId'];
    return differences(node.type, fate.copy.document, body).length > 0;
  }

  #warnOfEdit(node: Node, fate: Fate & { kind: 'copy' }): void {
    const applied = this.#snapshot.applied.get(node.id);
    if (!applied) return;
    const paths = differences(node.type, fate.copy.document, applied);
    if (paths.length === 0) return;
    this.#findings.warn(
      'target_changed',
      `The copy of ${node.type} "${node.name}" was changed in the target account since it was written, at ${paths.slice(0, 5).join(', ')}: the change is overwritten.`,
      { type: node.type, sourceId: node.id, path: paths[0] },
    );
  }
}

/** Every id of an entry that rewriting may change. */
export function idsIn(entry: Pick<Entry, 'references' | 'textIds'>): string[] {
  return [
    ...entry.references.filter(({ valid }) => valid).map(({ id }) => String(id)),
    ...entry.textIds.map(({ id }) => id),
  ];
}

/** The closure's ids, but for those mapped to themselves: what must never be sent. */
export function sourceIdsOf(pairs: Iterable<readonly [string, string | undefined]>): Set<string> {
  const ids = new Set<string>();
  const targets = new Set<string>();
  for (const [sourceId, targetId] of pairs) {
    if (sourceId !== targetId) ids.add(sourceId);
    if (targetId !== undefined) targets.add(targetId);
  }
  // Within one account a copy may be mapped onto another original: such an id is a target's too.
  for (const id of targets) ids.delete(id);
  return ids;
}

function homeOf(snapshot: Snapshot): string | undefined {
  return snapshot.request.target.integrationId ?? snapshot.target.standalone?._id;
}

function flowsOf(
  snapshot: Snapshot,
  fates: Fates,
  actions: readonly PlannedAction[],
  at: (sourceId: string) => number,
): PlannedFlow[] {
  const flows: PlannedFlow[] = [];
  actions.forEach((action, index) => {
    const entry = snapshot.source.entries.get(action.sourceId);
    if (action.type !== 'flow' || !entry) return;
    const fate = fates.get(action.sourceId);
    const webhooks = entry.references
      .filter(
        ({ to, id }) => to === 'export' && snapshot.source.entries.get(String(id))?.facts.webhook === true,
      )
      .map(({ id }) => at(String(id)));
    flows.push({
      index,
      disabled: entry.facts.disabled === true,
      copyDisabled: fate?.kind === 'copy' ? fate.copy.document['disabled'] === true : undefined,
      abstract: entry.facts.abstract === true,
      webhooks: [...new Set(webhooks)],
    });
  });
  return flows;
}

function reportRuns(
  snapshot: Snapshot,
  flows: readonly PlannedFlow[],
  actions: readonly PlannedAction[],
  findings: Findings,
): void {
  const { run, activate } = snapshot.request;
  if (run === false) return;
  const wanted = typeof run === 'object' ? run.flowIds : undefined;
  const byId = new Map(flows.map((flow) => [actions[flow.index]?.sourceId, flow]));
  (wanted ?? []).forEach((id, index) => {
    if (byId.has(id)) return;
    findings.block('flow_not_found', `Flow ${id} is to be run, but it is not among the cloned ones.`, {
      type: 'flow',
      sourceId: id,
      path: `/run/flowIds/${index}`,
    });
  });
  const enabled = flows.filter((flow) => isEnabledThen(flow, activate));
  const runnable = enabled.filter(({ index }) => !wanted || wanted.includes(actions[index]?.sourceId ?? ''));
  if (runnable.length > 0) return;
  findings.block(
    'nothing_to_run',
    'No copy would be enabled by then, so nothing could be run: ask for activate too.',
    {
      path: '/run',
    },
  );
}

/** Whether a flow's copy is enabled once the clone has woken what it should wake. */
export function isEnabledThen(flow: PlannedFlow, activate: boolean): boolean {
  if (flow.abstract) return false;
  return (activate && !flow.disabled) || flow.copyDisabled === false;
}

function registrationsOf(
  snapshot: Snapshot,
  fates: Fates,
  index: ReadonlyMap<string, number>,
  at: (sourceId: string) => number,
): Registration[] {
  const { entries } = snapshot.source;
  const wanted = new Map<string, Set<string>>();
  const usable = (id: string): boolean => {
    const fate = fates.get(id);
    return fate?.type === 'connection' && fate.kind !== 'blocked';
  };
  for (const entry of entries.values()) {
    if (entry.type === 'integration') {
      wanted.set(entry.id, new Set((entry.facts.registered ?? []).filter(usable)));
    }
  }
  for (const flow of entries.values()) {
    if (flow.type !== 'flow') continue;
    const home = flow.references.find(({ pointer }) => pointer === '/_integrationId');
    const connections = home && wanted.get(String(home.id));
    if (!connections) continue;
    for (const step of [flow, ...flow.references.flatMap(({ id }) => entries.get(String(id)) ?? [])]) {
      if (step.type === 'flow' && step !== flow) continue;
      for (const { to, id } of step.references) {
        if (to === 'connection' && usable(String(id))) connections.add(String(id));
      }
    }
  }
  const registrations: Registration[] = [];
  for (const [integrationId, connections] of wanted) {
    const fate = fates.get(integrationId);
    if (!fate || fate.kind === 'blocked' || Object.hasOwn(snapshot.request.idMap, integrationId)) continue;
    const target = 'targetId' in fate ? integrationDocument(snapshot, fate.targetId) : undefined;
    const present = new Set((target?.['_registeredConnectionIds'] as string[] | undefined) ?? []);
    const missing = [...connections].filter((id) => {
      const connection = fates.get(id);
      return !(connection && 'targetId' in connection && present.has(connection.targetId));
    });
    if (missing.length > 0 && index.has(integrationId)) {
      registrations.push({ integration: at(integrationId), connections: missing.sort() });
    }
  }
  return registrations.sort((a, b) => a.integration - b.integration);
}

function countsOf(actions: readonly PlannedAction[]): ActionCounts {
  const counts: ActionCounts = { create: 0, update: 0, reuse: 0, unchanged: 0 };
  for (const { action } of actions) counts[action] += 1;
  return counts;
}
