import { Command } from 'commander';
import { type CommandContext, printAnswer } from '../command.ts';
import { withService } from '../context.ts';
import { EXIT, type ExitCode, exitOfState } from '../exit.ts';
import { clonePath, followClone } from '../follow.ts';
import { bodyOf } from '../hosts/service.ts';
import { type Given, withHost, withOutput } from '../options/shared.ts';
import { stateLines } from '../output/clone.ts';
import { progressView } from '../output/progress.ts';
import type { CloneState } from '../output/state.ts';
import { UsageError } from '../usage-error.ts';

interface ControlOptions extends Given {
  async?: boolean;
  quiet?: boolean;
}

/** `flowferry resume`. */
export function resumeCommand(context: CommandContext): Command {
  return control(context, 'resume', 'go on with a clone that failed, waits or stands still', exitOfState);
}

/** `flowferry rollback`. */
export function rollbackCommand(context: CommandContext): Command {
  return control(context, 'rollback', 'undo what a clone did', (state) =>
    state.status === 'rolled-back' || state.status === 'running' ? EXIT.done : EXIT.error,
  );
}

/** Asks for one of the things that can be asked of a clone, and sees it through. */
function control(
  { io, exit }: CommandContext,
  what: 'resume' | 'rollback',
  description: string,
  exitOf: (state: CloneState) => ExitCode,
): Command {
  const command = new Command(what)
    .description(description)
    .argument('<clone>', 'id of the clone')
    .option('--async', 'with --url: do not wait for the end, see flowferry status')
    .option('--quiet', 'show no progress');
  return withHost(withOutput(command)).action(async (cloneId: string, options: ControlOptions) => {
    const state = await withService(io, options, 'write', async (service, { kind }) => {
      if (options.async && kind === 'direct') throw new UsageError('--async: works only with --url');
      const accepted = await service.call({ method: 'POST', path: `${clonePath(cloneId)}/${what}` });
      bodyOf(accepted);
      const progress = progressView(io, { quiet: options.quiet ?? false });
      const answer = options.async
        ? accepted
        : await followClone({ service, io, progress }, cloneId, { undoing: what === 'rollback' });
      return printAnswer<CloneState>(io, options, answer, (clone) => stateLines(clone, io.columns));
    });
    exit(exitOf(state));
  });
}
