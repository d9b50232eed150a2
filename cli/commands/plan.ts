import { Command } from 'commander';
import { type CommandContext, printAnswer } from '../command.ts';
import { withService } from '../context.ts';
import { EXIT } from '../exit.ts';
import { type RequestOptions, requestFrom, withRequest } from '../options/request.ts';
import { type Given, withHost, withOutput } from '../options/shared.ts';
import { stateLines } from '../output/clone.ts';
import type { CloneState } from '../output/state.ts';

const EXAMPLES = `
Examples:
  flowferry plan --source blueprint --target acme --flow 55ea78c6b751843c37b7b367 --connections match-name
  flowferry plan --request clone.json --detailed-exitcode`;

/** `flowferry plan`. */
export function planCommand({ io, exit }: CommandContext): Command {
  const command = new Command('plan')
    .description('show what a clone would do, and write nothing')
    .option('--detailed-exitcode', 'end with 2 where there is something to create or update');
  return withHost(withOutput(withRequest(command)))
    .addHelpText('after', EXAMPLES)
    .action(async (options: Given & RequestOptions & { detailedExitcode?: boolean }) => {
      const { body } = await requestFrom(options, io);
      const state = await withService(io, options, 'read', async (service) => {
        const answer = await service.call({
          method: 'POST',
          path: '/clone',
          body: { ...body, dryRun: true },
        });
        return printAnswer<CloneState>(io, options, answer, (plan) => stateLines(plan, io.columns));
      });
      const { create = 0, update = 0 } = state.plan?.counts ?? {};
      if (options.detailedExitcode && create + update > 0) exit(EXIT.pending);
    });
}
