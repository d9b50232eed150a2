import type { Advance } from '../clone/contract.ts';
import { forEachConcurrently } from '../model/concurrent.ts';
import { codeOf, outerCode } from '../model/problem.ts';
import { resultOf, startChild } from './children.ts';
import type { SyncPorts } from './contract.ts';
import { decide, statusOf } from './decide.ts';
import { finish } from './finish.ts';
import { failed, skipped } from './result.ts';
import type { SyncRun, TargetResult } from './run.ts';
import { readOnce } from './source.ts';

/** First and longest pause between two looks at the targets, ms. */
const FIRST_POLL_MS = 50;
const LAST_POLL_MS = 2_000;

/**
 * How long targets that all stay as they are are watched before the host may suspend, ms; and how long it then
 * suspends, seconds. While targets end one after the other nobody sleeps: those whose turn it is would wait for it.
 */
const PATIENCE_MS = 10_000;
const SUSPEND_SECONDS = 5;

/** How often a run says that it is carried on, ms. */
const BEAT_MS = 20_000;

/** Looks at records, and starts, that are open at once. */
const OPEN_CALLS = 16;

/** What a source that can't be read comes to: it ends the run, and every target says so. */
const SOURCE_CODES: ReadonlySet<string> = new Set([
  'account_unauthorized',
  'account_not_found',
  'account_changed',
  'invalid_account',
  'upstream_failed',
  'refused',
  'not_found',
  'document_too_deep',
]);

/**
 * Does the next bounded piece of a run's work. All it needs is stored: any process may call it, again after any
 * kill, and the run goes on where it was.
 */
export async function advanceRun(
  ports: SyncPorts,
  name: string,
  runId: string,
  budgetMs: number,
): Promise<Advance> {
  const { clock } = ports;
  const deadline = clock.monotonic() + budgetMs;
  let until = clock.monotonic() + PATIENCE_MS;
  let run = await ports.syncs.getRun(name, runId);
  if (run === undefined) return { next: 'stop', status: 'removed' };
  if (run.status !== 'running') return { next: 'stop', status: run.status };
  if (run.sourceKey === undefined) run = await read(ports, run);
  for (let pause = FIRST_POLL_MS; run.status === 'running'; pause = Math.min(pause * 1.5, LAST_POLL_MS)) {
    const before = stateOf(run);
    run = await lookAround(ports, run);
    if (run.status !== 'running') break;
    if (stateOf(run) !== before) {
      pause = FIRST_POLL_MS;
      until = clock.monotonic() + PATIENCE_MS;
    }
    const next = clock.monotonic() + pause;
    if (next >= until) return { next: 'later', seconds: SUSPEND_SECONDS };
    if (next >= deadline) return { next: 'again' };
    await clock.sleep(pause);
  }
  return { next: 'stop', status: run.status };
}

async function read(ports: SyncPorts, run: SyncRun): Promise<SyncRun> {
  try {
    const sourceKey = await readOnce(ports, run);
    return await change(ports, run, (stored) => ({ ...stored, sourceKey }));
  } catch (error) {
    const code = codeOf(error);
    if (!SOURCE_CODES.has(code)) throw error;
    const reason = { code: outerCode(code), message: error instanceof Error ? error.message : String(error) };
    for (const [position, { account, state }] of run.targets.entries()) {
      if (state !== 'ended') await ports.syncs.putResult(run.runId, position, failed(account, reason));
    }
    const ended = await change(ports, run, (stored) => ({
      ...stored,
      error: reason,
      targets: stored.targets.map((target) =>
        target.state === 'ended' ? target : { ...target, state: 'ended', status: 'failed' },
      ),
    }));
    return finish(ports, ended, 'failed');
  }
}

/** Takes in what ended, decides, starts what may start; ends the run when nothing is left. */
async function lookAround(ports: SyncPorts, given: SyncRun): Promise<SyncRun> {
  const ended = new Map<string, TargetResult>();
  await forEachConcurrently(given.targets.entries(), OPEN_CALLS, async ([position, target]) => {
    const { account, state, cloneId } = target;
    if (state !== 'running' || cloneId === undefined) return;
    if (given.canceled) await ports.clones.wish(cloneId, 'cancel');
    const result = await resultOf(ports, given, { account, cloneId });
    if (result === undefined) return;
    await ports.syncs.putResult(given.runId, position, result);
    ended.set(account, result);
  });
  const isNews = ended.size > 0 || ports.clock.now() - Date.parse(given.heartbeatAt) > BEAT_MS;
  let run = isNews
    ? await change(ports, given, (stored) => withEnded(stored, ended))
    : ((await ports.syncs.getRun(given.sync, given.runId)) ?? given);

  const { start, skip } = decide(run, await newerThan(ports, run));
  const skips = new Map<string, TargetResult>();
  for (const { target, code, message } of skip) {
    const result = skipped(target.account, { code, message });
    await ports.syncs.putResult(run.runId, run.targets.indexOf(target), result);
    skips.set(target.account, result);
  }
  const started = new Map<string, string>();
  await forEachConcurrently(start, OPEN_CALLS, async ({ account }) => {
    const target = run.definition.targets.find((one) => one.account === account);
    if (target) started.set(account, await startChild(ports, run, target));
  });
  if (skips.size + started.size > 0) {
    run = await change(ports, run, (stored) => ({
      ...withEnded(stored, skips),
      targets: withEnded(stored, skips).targets.map((target) =>
        started.has(target.account) && target.state === 'waiting'
          ? { ...target, state: 'running', cloneId: started.get(target.account) }
          : target,
      ),
    }));
  }
  if (!decide(run).finished || run.targets.some(({ state }) => state !== 'ended')) return run;
  return finish(ports, run, statusOf(run));
}

/** Looked for only where a target is about to begin, and for no report: it changes nothing that could be newer. */
async function newerThan({ syncs }: SyncPorts, run: SyncRun): Promise<SyncRun[]> {
  if (run.mode === 'report' || decide(run).start.length === 0) return [];
  return syncs.newerRuns(run.sync, run.runId);
}

function withEnded(run: SyncRun, ended: ReadonlyMap<string, TargetResult>): SyncRun {
  return {
    ...run,
    targets: run.targets.map((target) => {
      const result = ended.get(target.account);
      return result ? { ...target, state: 'ended', status: result.status } : target;
    }),
  };
}

/** What can change from one look to the next. */
function stateOf({ targets, canceled }: SyncRun): string {
  return `${canceled === true} ${targets.map(({ state }) => state).join()}`;
}

async function change(ports: SyncPorts, run: SyncRun, how: (stored: SyncRun) => SyncRun): Promise<SyncRun> {
  const heartbeatAt = new Date(ports.clock.now()).toISOString();
  const changed = await ports.syncs.changeRun(run.sync, run.runId, (stored) => ({
    ...how(stored),
    heartbeatAt,
  }));
  return changed ?? run;
}
