import type { Fates } from './fate.ts';
import type { Findings } from './findings.ts';
import type { PlannedAction, PlannedFlow } from './plan.ts';
import type { Snapshot } from './snapshot.ts';

/** What waking and the report need to know of the closure's flows. */
export function flowsOf(
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
    // A flow of the target that idMap names is used as it is: it is neither woken nor run.
    if (fate?.kind !== 'create' && fate?.kind !== 'copy') return;
    const webhooks = entry.references
      .filter(
        ({ to, id }) => to === 'export' && snapshot.source.entries.get(String(id))?.facts.webhook === true,
      )
      .map(({ id }) => at(String(id)));
    flows.push({
      index,
      disabled: entry.facts.disabled === true,
      copyDisabled: fate.kind === 'copy' ? fate.copy.document['disabled'] === true : undefined,
      abstract: entry.facts.abstract === true,
      webhooks: [...new Set(webhooks)],
    });
  });
  return flows;
}

/** Finds runs that were asked for and can't be. */
export function reportRuns(
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
