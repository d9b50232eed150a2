import { Command } from 'commander';
import { type CommandContext, printAnswer, printValue } from '../command.ts';
import { withService } from '../context.ts';
import { exitOfState } from '../exit.ts';
import { clonePath, watchClone } from '../follow.ts';
import { bodyOf, type Service } from '../hosts/service.ts';
import type { Io } from '../io.ts';
import { type Given, wholeNumber, withHost, withOutput } from '../options/shared.ts';
import { actionLines, cloneListLines, stateLines } from '../output/clone.ts';
import { progressView } from '../output/progress.ts';
import type { ActionReport, CloneState } from '../output/state.ts';
import { UsageError } from '../usage-error.ts';

interface StatusOptions extends Given {
  target?: string;
  limit: number;
  cursor?: string;
  actions?: boolean;
  wait?: boolean;
}

const PAGE = '1000';

const NOTE = `
Ctrl-C ends the waiting of --wait, with exit code 1; the clone goes on.`;

/** `flowferry status`. */
export function statusCommand({ io, exit }: CommandContext): Command {
  const command = new Command('status')
    .description('show a clone, or the newest clones into an account')
    .argument('[clone]', 'id of the clone; without one, --target lists clones')
    .option('--target <account>', 'list the clones into this account, newest first')
    .option('--limit <count>', 'how many to list, at most 1000', wholeNumber(1, 1000), 20)
    .option('--cursor <text>', 'go on where an earlier list ended: its "next"')
    .option('--actions', 'list every action of the clone')
    .option('--wait', 'with --url: wait for the end, and end as flowferry clone would have')
    .addHelpText('after', NOTE);
  return withHost(withOutput(command)).action(async (cloneId: string | undefined, options: StatusOptions) => {
    checkCombination(cloneId, options);
    await withService(io, options, 'read', async (service, { kind }) => {
      if (cloneId === undefined) return list(io, service, options);
      if (options.actions) return actions(io, service, cloneId, options);
      if (!options.wait) {
        const answer = await service.call({ method: 'GET', path: clonePath(cloneId) });
        const state = printAnswer<CloneState>(io, options, answer, (clone) => stateLines(clone, io.columns));
        if (kind === 'direct' && state.status === 'running') {
          io.err(`Nobody carries it on just now: flowferry resume ${cloneId}\n`);
        }
        return;
      }
      if (kind === 'direct')
        throw new UsageError('--wait: works only with --url', `flowferry resume ${cloneId} goes on with it`);
      const progress = progressView(io, { quiet: false });
      const answer = await watchClone({ service, io, progress }, cloneId);
      exit(
        exitOfState(printAnswer<CloneState>(io, options, answer, (clone) => stateLines(clone, io.columns))),
      );
    });
  });
}

function checkCombination(cloneId: string | undefined, { target, actions, wait }: StatusOptions): void {
  if (cloneId === undefined && target === undefined) {
    throw new UsageError(
      'either the id of a clone or --target is needed',
      'flowferry status --target NAME lists clones',
    );
  }
  if (cloneId !== undefined && target !== undefined)
    throw new UsageError('--target: means nothing with the id of a clone');
  if (cloneId === undefined && (actions || wait)) {
    throw new UsageError(`${actions ? '--actions' : '--wait'}: needs the id of a clone`);
  }
}

async function list(io: Io, service: Service, options: StatusOptions): Promise<void> {
  const { target = '', limit, cursor } = options;
  const query = { target, limit: String(limit), ...(cursor === undefined ? {} : { cursor }) };
  const answer = await service.call({ method: 'GET', path: '/clones', query });
  printAnswer<{ clones: CloneState[]; next: string | null }>(io, options, answer, ({ clones, next }) => [
    ...cloneListLines(clones, io.columns),
    ...(next === null ? [] : ['', `more: --cursor ${next}`]),
  ]);
}

/** Every page, put together as one. */
async function actions(io: Io, service: Service, cloneId: string, options: StatusOptions): Promise<void> {
  const all: ActionReport[] = [];
  let cursor: string | null = null;
  do {
    const query: Record<string, string> = { limit: PAGE, ...(cursor === null ? {} : { cursor }) };
    const answer = await service.call({ method: 'GET', path: `${clonePath(cloneId)}/actions`, query });
    const page = bodyOf<{ actions: ActionReport[]; next: string | null }>(answer);
    all.push(...page.actions);
    cursor = page.next;
  } while (cursor !== null);
  printValue(io, options, { actions: all, next: null }, () =>
    all.length === 0 ? ['No actions.'] : actionLines({ actions: all, status: 'running' }, io.columns),
  );
}
