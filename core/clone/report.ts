import { WARNINGS_PART } from '../apply/work.ts';
import type { ActionReport, ActionStatus, CloneState, FlowReport } from '../model/clone.ts';
import { unknownCursor } from '../model/cursor.ts';
import type { Warning } from '../model/problem.ts';
import type { JsonObject } from '../model/resource.ts';
import type { Plan } from '../plan/plan.ts';
import type { ActionEvent, CloneRecord } from '../ports.ts';
import type { ClonePorts } from './contract.ts';
import { allErrors } from './many.ts';

/** Up to this many actions an answer is whole; beyond it, it points to the pages of actions. */
export const WHOLE_UP_TO = 1_000;

type Resolve = (sourceId: string) => string | undefined;

/** The rows of a report. */
export function actionReports(
  plan: Plan,
  statuses: readonly ActionStatus[],
  resolve: Resolve,
): ActionReport[] {
  return plan.actions.map(({ action, type, sourceId, name }, index) => ({
    action,
    type,
    sourceId,
    targetId: resolve(sourceId),
    name,
    status: statuses[index] ?? 'pending',
  }));
}

/** The flows of a plan as they stand before waking. */
export function flowReports(plan: Plan, resolve: Resolve): FlowReport[] {
  return plan.flows.map(({ index, copyDisabled }) => {
    const action = plan.actions[index];
    const sourceId = action?.sourceId ?? '';
    return {
      sourceId,
      targetId: resolve(sourceId),
      name: action?.name ?? '',
      disabled: copyDisabled ?? true,
    };
  });
}

/** What is stored of the waking: the flows with their runs. */
export const FLOWS_PART = 'flows';

/**
 * The whole state of a clone for an answer, true as of its last stored event; of a large clone, as of its last sign
 * of life, its end included.
 */
export async function reportOf(ports: Pick<ClonePorts, 'clones'>, record: CloneRecord): Promise<CloneState> {
  return isLarge(record) ? outlineOf(ports, record) : wholeOf(ports, record);
}

/** The answer about such a clone shows no action, and is asked for again and again: plan and events are not read. */
function isLarge({ state: { plan, progress } }: CloneRecord): boolean {
  return plan !== undefined && progress.done + progress.pending > WHOLE_UP_TO;
}

async function outlineOf(ports: Pick<ClonePorts, 'clones'>, record: CloneRecord): Promise<CloneState> {
  const { cloneId, status, state } = record;
  const [planned, errors] = await Promise.all([
    ports.clones.getPart<Warning[]>(cloneId, WARNINGS_PART),
    allErrors(ports, record),
  ]);
  const warnings = [...(planned ?? []), ...state.warnings];
  return { ...state, cloneId, status, errors, warnings, next: `/clones/${cloneId}/actions` };
}

async function wholeOf(ports: Pick<ClonePorts, 'clones'>, record: CloneRecord): Promise<CloneState> {
  const { cloneId } = record;
  const [stored, events, flows, errors] = await Promise.all([
    ports.clones.getPart<{ plan: Plan }>(cloneId, 'plan'),
    ports.clones.events(cloneId),
    ports.clones.getPart<FlowReport[]>(cloneId, FLOWS_PART),
    allErrors(ports, record),
  ]);
  const state: CloneState = { ...record.state, cloneId, status: record.status, errors };
  if (stored === undefined) return state;
  const { plan } = stored;
  const progress = progressOf(plan, events);
  const withProgress = {
    ...state,
    // The plan's own rest with it: a record is small, and written every second.
    warnings: [...plan.warnings, ...state.warnings],
    progress:
      record.origin?.kind === 'offboarding'
        ? state.progress
        : { ...state.progress, done: progress.done, pending: plan.actions.length - progress.done },
  };
  if (plan.actions.length > WHOLE_UP_TO) return { ...withProgress, next: `/clones/${cloneId}/actions` };
  return {
    ...withProgress,
    actions: actionReports(plan, progress.statuses, progress.resolve),
    idMap: Object.fromEntries(
      plan.actions.flatMap(({ sourceId }) => {
        const targetId = progress.resolve(sourceId);
        return targetId === undefined ? [] : [[sourceId, targetId]];
      }),
    ),
    flows: flows?.map((flow) => asItStands(flow, progress.resolve)) ?? flowReports(plan, progress.resolve),
  };
}

/** A copy that was undone since it was woken has no id and no address any more. */
function asItStands(flow: FlowReport, resolve: Resolve): FlowReport {
  if (resolve(flow.sourceId) !== undefined) return flow;
  const { targetId: _targetId, webhookUrls: _webhookUrls, ...rest } = flow;
  return { ...rest, disabled: true };
}

/**
 * One page of a clone's actions; the cursor is the number of actions before it.
 *
 * @throws {FlowferryError} `invalid_request` for a cursor that no page handed out
 */
export async function actionsPage(
  ports: Pick<ClonePorts, 'clones'>,
  record: CloneRecord,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ actions: ActionReport[]; next: string | null }> {
  const start = startOf(page.cursor);
  const stored = await ports.clones.getPart<{ plan: Plan }>(record.cloneId, 'plan');
  if (stored === undefined) return { actions: [], next: null };
  const { statuses, resolve } = progressOf(stored.plan, await ports.clones.events(record.cloneId));
  const actions = actionReports(stored.plan, statuses, resolve).slice(start, start + page.limit);
  const end = start + actions.length;
  return { actions, next: end < stored.plan.actions.length ? String(end) : null };
}

function startOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (/^[1-9]\d{0,8}$/.test(cursor)) return Number(cursor);
  throw unknownCursor();
}

function progressOf(
  plan: Plan,
  events: readonly ActionEvent[],
): { statuses: ActionStatus[]; resolve: Resolve; done: number } {
  const statuses = plan.actions.map(
    ({ action }): ActionStatus => (action === 'reuse' || action === 'unchanged' ? 'done' : 'pending'),
  );
  const ids = new Map<string, string>();
  for (const { sourceId, targetId } of plan.actions) if (targetId !== undefined) ids.set(sourceId, targetId);
  for (const { index, status, targetId } of events) {
    statuses[index] = status;
    const action = plan.actions[index];
    if (action && targetId !== undefined) ids.set(action.sourceId, targetId);
    if (action?.action === 'create' && status === 'undone') ids.delete(action.sourceId);
  }
  return {
    statuses,
    resolve: (sourceId) => ids.get(sourceId),
    done: statuses.filter((status) => status === 'done').length,
  };
}

/** Notes of a record, never `undefined`. */
export function notesOf(record: CloneRecord): JsonObject {
  return record.notes ?? {};
}
