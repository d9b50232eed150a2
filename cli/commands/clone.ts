import { Command } from 'commander';
import { type CommandContext, printAnswer } from '../command.ts';
import { withService } from '../context.ts';
import { exitOfState } from '../exit.ts';
import { placeClone } from '../follow.ts';
import { type RequestOptions, requestFrom, withRequest } from '../options/request.ts';
import { type Given, withHost, withOutput } from '../options/shared.ts';
import { stateLines } from '../output/clone.ts';
import { progressView } from '../output/progress.ts';
import type { CloneState } from '../output/state.ts';
import { UsageError } from '../usage-error.ts';

const EXAMPLES = `
Ctrl-C asks the clone to stop after the calls under way, and then undoes or keeps what was done as --on-failure says.
A second one leaves at once; flowferry resume goes on later.

Examples:
  flowferry clone --source blueprint --target acme --flow 55ea78c6b751843c37b7b367 --connections match-name --activate
  flowferry clone --request clone.json --json`;

interface CloneOptions extends Given, RequestOptions {
  idempotencyKey?: string;
  async?: boolean;
  quiet?: boolean;
}

const KEY = /^[\x20-\x7e]{1,128}$/;

/** `flowferry clone`. */
export function cloneCommand({ io, exit }: CommandContext): Command {
  const command = new Command('clone')
    .description('clone flows into another account, with everything they need')
    .option(
      '--idempotency-key <key>',
      'the same key with the same request is the same clone, however often it is given',
    )
    .option('--async', 'with --url: do not wait for the end, see flowferry status')
    .option('--quiet', 'show no progress');
  return withHost(withOutput(withRequest(command)))
    .addHelpText('after', EXAMPLES)
    .action(async (options: CloneOptions) => {
      const { body, request } = await requestFrom(options, io);
      const key = options.idempotencyKey ?? io.newId();
      if (!KEY.test(key))
        throw new UsageError('--idempotency-key: must be 1 to 128 printable ASCII characters');
      const state = await withService(io, options, 'write', async (service, { kind }) => {
        if (options.async && kind === 'direct') throw new UsageError('--async: works only with --url');
        const call = { method: 'POST', path: '/clone', body } as const;
        const headers = { 'idempotency-key': key, prefer: 'respond-async' };
        const answer =
          request.dryRun || options.async
            ? await service.call(request.dryRun ? call : { ...call, headers })
            : await placeClone(
                { service, io, progress: progressView(io, { quiet: options.quiet ?? false }) },
                { request: body, key },
              );
        return printAnswer<CloneState>(io, options, answer, (clone) => stateLines(clone, io.columns));
      });
      exit(exitOfState(state));
    });
}
