import { table } from './table.ts';
import { clean, counted } from './text.ts';

/** A run of a sync, as the service answers it. */
export interface SyncRun {
  runId: string;
  mode: 'apply' | 'report';
  status: 'running' | 'succeeded' | 'partial' | 'failed';
  targets: SyncTarget[];
  /** Why the run itself failed. */
  error?: { code: string; message: string };
}

interface SyncTarget {
  account: string;
  status: string;
  applied?: number;
  kept?: number;
  /** What is new in the source has no id in the target yet. */
  drift?: { type: string; targetId?: string; path: string; movedBy: string }[];
  conflicts?: { type: string; targetId: string; path: string; resolution: string }[];
  error?: { code: string; message: string };
}

/** Targets that are not done yet. */
const OPEN: ReadonlySet<string> = new Set(['waiting', 'running']);

/** How many of its targets a run has done. */
export function progressOf({ targets }: SyncRun): { stage: string; done: number; pending: number } {
  const pending = targets.filter(({ status }) => OPEN.has(status)).length;
  return { stage: 'running', done: targets.length - pending, pending };
}

/** A run for people: a row for each target, then what differs. */
export function runLines(
  { runId, mode, status, targets, error: own }: SyncRun,
  width: number | undefined,
): string[] {
  const rows = targets.map(({ account, status: end, applied, kept, drift = [], conflicts = [], error }) => [
    account,
    end,
    String(applied ?? ''),
    String(kept ?? ''),
    String(drift.length),
    String(conflicts.length),
    error === undefined ? '' : `${error.code}: ${error.message}`,
  ]);
  const columns = ['target', 'status', 'applied', 'kept', 'drift', 'conflicts'].map((title) => ({ title }));
  return [
    `Run ${runId} (${mode}): ${status}`,
    ...(own === undefined ? [] : [`${own.code}: ${clean(own.message)}`]),
    '',
    ...table([...columns, { title: 'error', flexible: true }], rows, width),
    ...targets.flatMap(differences),
  ];
}

/** Runs, a line each. */
export function runListLines(runs: readonly SyncRun[], width: number | undefined): string[] {
  if (runs.length === 0) return ['No runs.'];
  return table(
    [{ title: 'run' }, { title: 'mode' }, { title: 'status' }, { title: 'targets', flexible: true }],
    runs.map(({ runId, mode, status, targets = [] }) => [
      runId,
      mode,
      status,
      targets.map((target) => `${target.account}: ${target.status}`).join(', '),
    ]),
    width,
  );
}

function differences({ account, drift = [], conflicts = [] }: SyncTarget): string[] {
  if (drift.length + conflicts.length === 0) return [];
  return [
    '',
    `${clean(account)}: ${counted(drift.length, 'difference')}, ${counted(conflicts.length, 'conflict')}`,
    ...drift.map(({ type, targetId, path, movedBy }) =>
      clean(`  ${type} ${targetId ?? 'new'} ${path} moved by ${movedBy}`),
    ),
    ...conflicts.map(({ type, targetId, path, resolution }) =>
      clean(`  ${type} ${targetId} ${path} conflict: ${resolution}`),
    ),
  ];
}
