import type { CloneState } from '../model/clone.ts';
import type { CloneRequest } from '../model/request.ts';
import { whatMoved } from '../plan/fingerprint.ts';
import { makePlan } from '../plan/make.ts';
import type { PlanWithBodies } from '../plan/plan.ts';
import type { Snapshot } from '../plan/snapshot.ts';
import { EarlyRows } from '../read/early-rows.ts';
import { beginReads } from '../read/target.ts';
import type { ClonePorts } from './contract.ts';
import { RefusedError } from './errors.ts';
import { type Accounts, identify, openAccounts, readSourceSide, readTargetSide } from './read-all.ts';
import { emptyState } from './record.ts';
import { actionReports, flowReports } from './report.ts';

/** Makes the plan from a snapshot; throws `RefusedError` where it can't be carried out. */
export function planFrom(accounts: Accounts, snapshot: Snapshot): PlanWithBodies {
  const made = makePlan(snapshot, {
    read: { source: accounts.source.stats(), target: accounts.target.stats() },
    pace: { source: accounts.source, target: accounts.target },
  });
  const { plan } = made;
  const { planFingerprint } = snapshot.request;
  const state = plannedState(snapshot.request, made);
  if (plan.blockers.length > 0) {
    const count = plan.blockers.length;
    throw new RefusedError(
      'plan_blocked',
      `The plan can't be carried out: ${count} ${count === 1 ? 'thing is' : 'things are'} in the way, and nothing was written.`,
      plan.blockers,
      state,
      plan.sync,
    );
  }
  if (planFingerprint !== undefined && planFingerprint !== plan.fingerprint) {
    throw new RefusedError(
      'plan_changed',
      'The plan is no longer the one that was shown.',
      whatMoved(planFingerprint, plan.fingerprint),
      state,
    );
  }
  return made;
}

/** What a plan alone says of a clone. */
export function plannedState(request: CloneRequest, { plan }: PlanWithBodies): CloneState {
  const { fingerprint, counts, cost, warnings } = plan;
  const ids = new Map(
    plan.actions.flatMap(({ sourceId, targetId }) => (targetId ? [[sourceId, targetId]] : [])),
  );
  const statuses = plan.actions.map(({ action }) =>
    action === 'reuse' || action === 'unchanged' ? ('done' as const) : ('pending' as const),
  );
  const done = statuses.filter((status) => status === 'done').length;
  return {
    ...emptyState(request, 'planned', 'planning'),
    plan: { fingerprint, counts, cost },
    actions: actionReports(plan, statuses, (sourceId) => ids.get(sourceId)),
    idMap: Object.fromEntries(ids),
    flows: flowReports(plan, (sourceId) => ids.get(sourceId)),
    warnings: [...warnings],
    progress: { stage: 'planning', done, pending: plan.actions.length - done },
  };
}

/**
 * The plan and nothing else: reads both accounts, writes nowhere, stores nothing.
 *
 * Throws what keeps the clone from being carried out: `plan_blocked` with every blocker, `plan_changed`,
 * `account_unauthorized`, `account_changed`, `upstream_failed`.
 */
export async function planOnly(ports: ClonePorts, request: CloneRequest): Promise<CloneState> {
  const started = ports.clock.monotonic();
  const accounts = await openAccounts(ports, request);
  const documents = beginReads(accounts.target, request);
  const pair = identify(ports, accounts);
  const rows = new EarlyRows(ports.ledger, pair);
  const reading = readSourceSide(ports, accounts, pair, request, rows);
  const [source, known] = await Promise.all([reading, pair]);
  const snapshot = await readTargetSide(ports, accounts, known, request, source, { documents, rows });
  const state = plannedState(request, planFrom(accounts, snapshot));
  return { ...state, stats: statsOf(accounts, ports.clock.monotonic() - started) };
}

/** The calls both accounts took so far. */
export function statsOf({ source, target }: Accounts, durationMs: number): CloneState['stats'] {
  const [from, to] = [source.stats(), target.stats()];
  return {
    apiCalls: { source: from.calls, target: to.calls },
    retries: from.retries + to.retries,
    rateLimited: from.rateLimited + to.rateLimited,
    durationMs: Math.round(durationMs),
  };
}
