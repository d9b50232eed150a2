import type { CloneState, FlowReport } from '../../core/model/clone.ts';
import type { Problem } from '../../core/model/problem.ts';
import type { ListedFlow } from './chapters.ts';
import { table } from './table.ts';

export function flowRows(flows: readonly ListedFlow[]): string[] {
  return table(
    [{ title: 'flow' }, { title: 'name', flexible: true }, { title: 'integration' }, { title: 'enabled' }],
    flows.map(({ id, name, integrationName, disabled }) => [
      id,
      name,
      integrationName,
      disabled ? 'no' : 'yes',
    ]),
  );
}

/** What becomes of each resource. The id of a copy that is yet to be made is not known. */
export function actionRows({ actions = [] }: CloneState): string[] {
  return table(
    [
      { title: 'action' },
      { title: 'type' },
      { title: 'name', flexible: true },
      { title: 'source id' },
      { title: '-> target id' },
    ],
    actions.map(({ action, type, name, sourceId, targetId }) => [
      action,
      type,
      name,
      sourceId,
      `-> ${targetId ?? '(new)'}`,
    ]),
  );
}

export function runRows(flows: readonly FlowReport[]): string[] {
  return table(
    [
      { title: 'flow', flexible: true },
      { title: 'job' },
      { title: 'status' },
      { title: 'ok' },
      { title: 'errors' },
    ],
    flows.map(({ name, run }) => [
      name,
      run?.jobId ?? '',
      run?.status ?? '',
      String(run?.numSuccess ?? ''),
      String(run?.numError ?? ''),
    ]),
  );
}

export function idRows(idMap: Readonly<Record<string, string>>): string[] {
  return Object.entries(idMap).map(([sourceId, targetId]) => `  ${sourceId} -> ${targetId}`);
}

export function wrongRows(errors: readonly Problem[]): string[] {
  return table(
    [{ title: 'field' }, { title: 'what is wrong', flexible: true }],
    errors.map(({ path, message }) => [path ?? '', message]),
  );
}

export function blockerRows(errors: readonly Problem[]): string[] {
  return table(
    [{ title: 'code' }, { title: 'source id' }, { title: 'could become', flexible: true }],
    errors.map(({ code, sourceId, candidates = [] }) => [code, sourceId ?? '', suggestions(candidates)]),
  );
}

/** The likeliest of what could be mapped instead, and how many others there are. */
function suggestions([best, ...others]: { id: string; name: string }[]): string {
  if (best === undefined) return '';
  return `${best.id} "${best.name}"${others.length === 0 ? '' : ` (or ${others.length} more)`}`;
}

/** Counts and cost of a plan, in two lines. */
export function cost({ plan }: CloneState): string[] {
  if (plan === undefined) return [];
  const { counts, cost } = plan;
  const { source, target, seconds } = cost;
  const calls = `${source.calls} calls to the source and ${target.calls} to the target`;
  return [
    `  ${counts.create} to create, ${counts.update} to update, ${counts.reuse} to reuse, ${counts.unchanged} unchanged;`,
    `  ${calls}${seconds > 0 ? `, ${seconds} s at the rate limit` : ''}`,
  ];
}
