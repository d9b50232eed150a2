import type { Command } from 'commander';
import type { IntegratorClient } from '../../../adapters/integrator/index.ts';
import type { Job } from '../../../core/ports.ts';
import { type CommandContext, printValue } from '../../command.ts';
import { EXIT } from '../../exit.ts';
import type { Io } from '../../io.ts';
import { isoDate, objectId, objectIds } from '../../options/shared.ts';
import { counted } from '../../output/text.ts';
import { clientFor, type FlowOptions, flowCommand } from './command.ts';

interface RunFlowOptions extends FlowOptions {
  export?: string[];
  start?: string;
  end?: string;
  wait?: boolean;
}

const FINAL: ReadonlySet<string> = new Set(['completed', 'failed', 'canceled']);

/** The first and the longest pause between two looks at a job, ms. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** `flowferry flows run`. */
export function runFlowCommand({ io, exit }: CommandContext): Command {
  return flowCommand('run', 'run a flow that is enabled')
    .argument('<flow>', 'its id', objectId)
    .option('--export <ids...>', 'start only these sources of the flow', objectIds)
    .option('--start <date>', 'first moment of a delta run', isoDate)
    .option('--end <date>', 'last moment of a delta run', isoDate)
    .option('--wait', 'wait for the job to end; end with 1 unless it completes')
    .action(async (id: string, options: RunFlowOptions) => {
      const client = await clientFor(io, options);
      const { jobId } = await client.flows.run(id, bodyOf(options));
      const job = options.wait ? await jobEnd(io, client, jobId) : { jobId, status: 'queued' };
      printValue(io, options, job, () => [lineOf(job)]);
      if (options.wait && job.status !== 'completed') exit(EXIT.error);
    });
}

function bodyOf({ export: exports, start, end }: RunFlowOptions) {
  const dates = {
    ...(start === undefined ? {} : { startDate: start }),
    ...(end === undefined ? {} : { endDate: end }),
  };
  return {
    ...(exports === undefined ? {} : { _exportIds: exports }),
    ...(Object.keys(dates).length === 0 ? {} : { export: dates }),
  };
}

async function jobEnd({ clock }: Io, client: IntegratorClient, jobId: string): Promise<Job> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const job = await client.job(jobId);
    if (FINAL.has(job.status)) return job;
    await clock.sleep(pause);
  }
}

function lineOf({ jobId, status, numSuccess, numError, numIgnore }: Job): string {
  if (numSuccess === undefined && numError === undefined) return `Job ${jobId}: ${status}`;
  return `Job ${jobId}: ${status}, ${numSuccess ?? 0} ok, ${counted(numError ?? 0, 'error')}, ${numIgnore ?? 0} ignored`;
}
