import type { Problem } from '../../core/model/problem.ts';
import { findingLines } from './findings.ts';
import type { CloneState, FlowReport } from './state.ts';
import { table } from './table.ts';
import { clean, counted } from './text.ts';

/** A clone's or a plan's state for people. `width`: characters a line may have. */
export function stateLines(state: CloneState, width: number | undefined): string[] {
  return [
    ...headline(state),
    ...section(actionLines(state, width)),
    ...section(summary(state)),
    ...section(flowLines(state, width)),
    ...section(webhookLines(state)),
    ...section(authorizationLines(state)),
    ...section(listed('warning', state.warnings)),
    ...section(listed('error', state.errors)),
    ...section(closing(state)),
  ];
}

/** The state of many clones, a line each. */
export function cloneListLines(clones: readonly CloneState[], width: number | undefined): string[] {
  if (clones.length === 0) return ['No clones.'];
  return table(
    [
      { title: 'clone' },
      { title: 'status' },
      { title: 'source', flexible: true },
      { title: 'target' },
      { title: 'done' },
      { title: 'created' },
    ],
    clones.map(({ cloneId, status, source, target, progress, createdAt }) => [
      cloneId ?? '',
      status,
      source.account,
      target.account,
      `${progress.done}/${progress.done + progress.pending}`,
      createdAt ?? '',
    ]),
    width,
  );
}

/** What becomes of each resource; the id of a copy that is yet to be made is not known. */
export function actionLines(
  { actions = [], status }: Pick<CloneState, 'actions' | 'status'>,
  width: number | undefined,
): string[] {
  if (actions.length === 0) return [];
  const isPlan = status === 'planned';
  return table(
    [
      { title: 'action' },
      { title: 'type' },
      { title: 'name', flexible: true },
      { title: 'source id' },
      { title: 'target id' },
      ...(isPlan ? [] : [{ title: 'status' }]),
    ],
    actions.map(({ action, type, name, sourceId, targetId, status: own }) => [
      action,
      type,
      name,
      sourceId,
      targetId ?? (own === 'undone' ? '' : '(new)'),
      own,
    ]),
    width,
  );
}

function headline({ status, cloneId, source, target }: CloneState): string[] {
  const way = `${source.account} -> ${target.account}`;
  return [status === 'planned' ? `Plan: ${way}` : `Clone ${cloneId ?? ''}: ${status}, ${way}`];
}

function summary({ plan, next, cloneId, stats, status }: CloneState): string[] {
  if (plan === undefined) return [];
  const { create, update, reuse, unchanged } = plan.counts;
  const { source, target, seconds } = plan.cost;
  const lines = [`${create} to create, ${update} to update, ${reuse} to reuse, ${unchanged} unchanged`];
  if (status === 'planned') {
    lines.push(
      `cost: ${counted(source.calls, 'call')} to the source, ${target.calls} to the target, about ${seconds} s`,
      `fingerprint: ${plan.fingerprint}`,
    );
  } else {
    const { apiCalls, durationMs } = stats;
    const took = `in ${(durationMs / 1000).toFixed(1)} s`;
    lines.push(
      `${counted(apiCalls.source, 'call')} to the source, ${apiCalls.target} to the target, ${took}`,
    );
  }
  if (next !== undefined) lines.push(`its actions are many: flowferry status ${cloneId ?? 'ID'} --actions`);
  return lines;
}

function flowLines({ flows = [], status }: CloneState, width: number | undefined): string[] {
  // Of flows that were never made, or are gone again, there is nothing to tell.
  if (flows.length === 0 || status === 'planned' || status === 'rolled-back') return [];
  const ran = flows.some(({ run }) => run !== undefined);
  return table(
    [
      { title: 'flow', flexible: true },
      { title: 'target id' },
      { title: 'enabled' },
      ...(ran ? [{ title: 'job' }, { title: 'result' }] : []),
    ],
    flows.map((flow) => [
      flow.name,
      flow.targetId ?? '',
      flow.disabled ? 'no' : 'yes',
      flow.run?.jobId ?? '',
      result(flow),
    ]),
    width,
  );
}

function result({ run }: FlowReport): string {
  if (run === undefined) return '';
  const { status, numSuccess = 0, numError = 0, numIgnore = 0 } = run;
  return `${status}: ${numSuccess} ok, ${counted(numError, 'error')}, ${numIgnore} ignored`;
}

function webhookLines({ flows = [], status }: CloneState): string[] {
  if (status === 'rolled-back') return [];
  const urls = flows.flatMap(({ name, webhookUrls = [] }) =>
    webhookUrls.map((url) => `  ${clean(name)}: ${url}`),
  );
  return urls.length === 0 ? [] : ['Point the senders of these webhooks to their new addresses:', ...urls];
}

function authorizationLines({ pendingAuthorizations, cloneId }: CloneState): string[] {
  if (pendingAuthorizations.length === 0) return [];
  return [
    'These connections of the target must be authorised in integrator.io:',
    ...pendingAuthorizations.map(({ connectionId, name }) => `  ${connectionId} "${clean(name)}"`),
    `Then: flowferry resume ${cloneId ?? 'ID'}`,
  ];
}

function listed(what: string, findings: readonly Problem[]): string[] {
  return findings.length === 0 ? [] : [`${counted(findings.length, what)}:`, ...findingLines(findings)];
}

/** What one can do next, where there is anything. */
function closing({ status, cloneId, errors }: CloneState): string[] {
  if (cloneId === undefined) return [];
  if (status === 'partial')
    return [`Go on: flowferry resume ${cloneId}`, `Undo it: flowferry rollback ${cloneId}`];
  if (status === 'failed' && errors.length > 0) return [`Go on: flowferry resume ${cloneId}`];
  return [];
}

function section(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}
