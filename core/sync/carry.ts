import type { Advance } from '../clone/contract.ts';
import { advanceRun } from './advance.ts';
import type { SyncPorts } from './contract.ts';
import { finish } from './finish.ts';

/** A run of which only the id and the attempt are known, as a worker is told of it. */
export interface RunJob {
  runId: string;
  attempt: number;
}

/** Carries runs on, for a worker that knows clones and has been handed a run's id instead. */
export interface RunCarrier {
  /** The next bounded piece of a run's work, unless it is over or a newer attempt has it. */
  advance(job: RunJob, budgetMs: number): Promise<Advance>;
  /** Ends a run that nobody can carry on: its targets' clones go on by themselves. */
  giveUp(job: RunJob): Promise<string>;
  /** The next attempt's number, which is this worker's to start; `undefined` when a newer one has the run. */
  handOver(job: RunJob): Promise<number | undefined>;
}

export function carryRun(ports: SyncPorts): RunCarrier {
  const find = async ({ runId, attempt }: RunJob) => {
    const sync = await ports.syncs.syncOf(runId);
    const run = sync === undefined ? undefined : await ports.syncs.getRun(sync, runId);
    return run && run.attempt === attempt && run.status === 'running' ? run : undefined;
  };
  return {
    async advance(job, budgetMs) {
      const run = await find(job);
      if (run === undefined) return { next: 'stop', status: 'superseded' };
      return advanceRun(ports, run.sync, run.runId, budgetMs);
    },
    async giveUp(job) {
      const run = await find(job);
      if (run === undefined) return 'superseded';
      const error = { code: 'internal_error', message: 'The run stopped for a reason on our side.' };
      const ended = await ports.syncs.changeRun(run.sync, run.runId, (stored) => ({
        ...stored,
        error,
        targets: stored.targets.map((target) =>
          target.state === 'ended' ? target : { ...target, state: 'ended', status: 'failed' },
        ),
      }));
      await finish(ports, ended ?? run, 'failed');
      return 'failed';
    },
    async handOver({ runId, attempt }) {
      const sync = await ports.syncs.syncOf(runId);
      const run = sync === undefined ? undefined : await ports.syncs.getRun(sync, runId);
      // Equal to the next attempt: an earlier try saved it, and may have died before the start.
      if (run === undefined || (run.attempt !== attempt && run.attempt !== attempt + 1)) return undefined;
      if (run.attempt === attempt) {
        await ports.syncs.changeRun(run.sync, runId, (stored) => ({ ...stored, attempt: attempt + 1 }));
      }
      return attempt + 1;
    },
  };
}
