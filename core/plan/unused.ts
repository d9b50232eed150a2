import { selects } from './body.ts';
import type { Fates } from './fate.ts';
import type { Findings } from './findings.ts';
import { isEnabledThen } from './flows.ts';
import type { PlannedAction, PlannedFlow } from './plan.ts';
import type { Snapshot } from './snapshot.ts';

/** Says what the request names for a resource of the closure that comes to something else all the same. */
export function warnOfUnused(snapshot: Snapshot, fates: Fates, findings: Findings): void {
  warnOfOverrides(snapshot, fates, findings);
  warnOfAdoptions(snapshot, fates, findings);
  warnOfConnections(snapshot, fates, findings);
}

/** An override is for what is written: what only takes the place of an original stays as it is. */
function warnOfOverrides(
  { request, source }: Pick<Snapshot, 'request' | 'source'>,
  fates: Fates,
  findings: Findings,
): void {
  if (request.overrides.length === 0) return;
  const written = [...fates].flatMap(([sourceId, { kind, type }]) => {
    if (kind === 'fixed') return [];
    const { name = '' } = source.entries.get(sourceId) ?? source.unread.get(sourceId) ?? {};
    return [{ type, sourceId, name }];
  });
  request.overrides.forEach((override, index) => {
    if (written.some((resource) => selects(override, resource))) return;
    findings.warn('override_unused', 'The override fits nothing that is copied.', {
      path: `/overrides/${index}/select`,
    });
  });
}

/** Which copy an original has, the ledger says first; who is named again as that copy is named rightly. */
function warnOfAdoptions({ request: { adopt } }: Snapshot, fates: Fates, findings: Findings): void {
  if (adopt === 'match-name') return;
  for (const [sourceId, targetId] of Object.entries(adopt)) {
    const fate = fates.get(sourceId);
    if (fate === undefined || !('targetId' in fate) || fate.targetId === targetId) continue;
    const why = fate.kind === 'copy' ? 'its copy is' : 'what takes its place is';
    findings.warn(
      'map_entry_unused',
      `${targetId} is not adopted for ${sourceId}: ${why} ${fate.targetId}.`,
      {
        type: fate.type,
        sourceId,
        path: `/adopt/${sourceId}`,
      },
    );
  }
}

function warnOfConnections({ request }: Snapshot, fates: Fates, findings: Findings): void {
  for (const [sourceId, targetId] of Object.entries(request.connectionMap)) {
    const fate = fates.get(sourceId);
    if (fate === undefined) continue;
    const isConnection = fate.type === 'connection';
    if (isConnection && (!('targetId' in fate) || fate.targetId === targetId)) continue;
    const message = isConnection
      ? `${sourceId} is mapped to another in idMap, which goes before connectionMap.`
      : `${sourceId} is no connection, but of the type ${fate.type}: map it in idMap.`;
    findings.warn('map_entry_unused', message, {
      type: fate.type,
      sourceId,
      path: `/connectionMap/${sourceId}`,
    });
  }
}

/** Says which flows are to be run by name, and will be asleep when the others run. */
export function warnOfSkippedRuns(
  { request: { run, activate } }: Snapshot,
  flows: readonly PlannedFlow[],
  actions: readonly PlannedAction[],
  findings: Findings,
): void {
  if (typeof run !== 'object') return;
  const asleep = new Set(
    flows.filter((flow) => !isEnabledThen(flow, activate)).map(({ index }) => actions[index]?.sourceId),
  );
  (run.flowIds ?? []).forEach((sourceId, index) => {
    if (!asleep.has(sourceId)) return;
    findings.warn('run_skipped', `Flow ${sourceId} is not run: its copy is not enabled by then.`, {
      type: 'flow',
      sourceId,
      path: `/run/flowIds/${index}`,
    });
  });
}
