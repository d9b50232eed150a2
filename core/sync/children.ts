import { FINDINGS_PART } from '../apply/settle.ts';
import { newCloneRecord } from '../clone/record.ts';
import { codeOf } from '../model/problem.ts';
import { cloneRequest } from '../model/request.ts';
import type { SyncTarget } from '../model/sync.ts';
import type { SyncFindings } from '../plan/plan.ts';
import type { CloneRecord } from '../ports.ts';
import type { SyncPorts } from './contract.ts';
import { childIdOf } from './names.ts';
import { failed, skipped } from './result.ts';
import type { SyncRun, TargetResult } from './run.ts';
import { SUPERSEDED } from './superseding.ts';

/** How many places of drift and conflict all results of one run tell of together; an answer must have an end. */
const MOST_PLACES = 20_000;

/** Brings the clone of one target into being and starts its worker; again, it finds what the first try did. */
export async function startChild(ports: SyncPorts, run: SyncRun, target: SyncTarget): Promise<string> {
  const { definition, runId, sync, mode, sourceKey = '' } = run;
  const cloneId = childIdOf(runId, target.account);
  const { account, integrationId, connectionMap, idMap, adopt, overrides, activate } = target;
  const request = cloneRequest.parse({
    source: definition.source,
    target: { account, ...(integrationId === undefined ? {} : { integrationId }) },
    connectionMap,
    idMap,
    adopt,
    overrides,
    activate,
    rateShare: definition.rateShare,
  });
  const { onConflict, prune, maxPruneShare } = definition;
  const record: CloneRecord = {
    ...newCloneRecord({
      cloneId,
      keyId: `sync:${sync}`,
      request,
      createdAt: new Date(ports.clock.now()).toISOString(),
    }),
    origin: { kind: 'sync', name: sync, runId },
    order: {
      ...{ sync, runId, sourceKey, mode, onConflict, prune, maxPruneShare },
      ...(overrides.length > 0 ? { hasOverrides: true } : {}),
    },
  };
  try {
    await ports.clones.create(record);
  } catch (error) {
    if (codeOf(error) !== 'clone_exists') throw error;
  }
  await ports.worker.start(cloneId, 1);
  return cloneId;
}

/** What became of one target; `undefined` while it is under way. */
export async function resultOf(
  ports: SyncPorts,
  run: SyncRun,
  target: { account: string; cloneId: string },
): Promise<TargetResult | undefined> {
  const record = await ports.clones.get(target.cloneId);
  if (record === undefined) {
    return failed(target.account, { code: 'clone_not_found', message: 'The clone of this target is gone.' });
  }
  if (record.status === 'running' || record.status === 'planned') return undefined;
  const findings = await ports.clones.getPart<SyncFindings>(target.cloneId, FINDINGS_PART);
  const places = placesOf(findings, Math.max(20, Math.floor(MOST_PLACES / run.targets.length)));
  const named = run.mode === 'report' ? {} : { cloneId: target.cloneId };
  if (record.status !== 'succeeded' && record.status !== 'waiting') {
    const { code = 'internal_error', message = 'The clone of this target failed.' } =
      record.state.errors[0] ?? {};
    const without = code === SUPERSEDED ? skipped : failed;
    return { ...without(target.account, { code, message }), ...named, ...places };
  }
  const { applied = 0, kept = 0, conflicts = [] } = findings ?? {};
  const status = conflicts.length > 0 ? 'conflict' : applied > 0 ? 'changed' : 'in-step';
  return { account: target.account, status, ...named, applied, kept, ...places };
}

function placesOf(
  findings: SyncFindings | undefined,
  most: number,
): Pick<TargetResult, 'drift' | 'conflicts' | 'leftOut'> {
  const { drift = [], conflicts = [] } = findings ?? {};
  const leftOut = Math.max(0, drift.length - most) + Math.max(0, conflicts.length - most);
  return {
    drift: drift.slice(0, most),
    conflicts: conflicts.slice(0, most),
    ...(leftOut > 0 ? { leftOut } : {}),
  };
}
