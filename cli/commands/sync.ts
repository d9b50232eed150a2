import { Command } from 'commander';
import type { Json } from '../../core/model/resource.ts';
import { type CommandContext, printAnswer, printValue } from '../command.ts';
import { withService } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { type Answer, bodyOf, type Service } from '../hosts/service.ts';
import type { Io } from '../io.ts';
import { readJsonObject } from '../options/json-file.ts';
import { choice, type Given, wholeNumber, withOutput, withUrl } from '../options/shared.ts';
import { type ProgressView, progressView } from '../output/progress.ts';
import { progressOf, runLines, runListLines, type SyncRun } from '../output/sync.ts';
import { table } from '../output/table.ts';
import { UsageError } from '../usage-error.ts';

/** First and longest pause between two looks at a run. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

const PAGE = '1000';

interface Sync {
  sync?: string;
  source: { account: string };
  targets: { account: string }[];
  schedule?: string;
}

interface RunOptions extends Given {
  mode: 'apply' | 'report';
  target?: string[];
  async?: boolean;
  quiet?: boolean;
  detailedExitcode?: boolean;
}

const NOTE = `
Syncs belong to a service: it keeps them, starts them by their schedules and tells what they did.`;

/** `flowferry sync`. */
export function syncCommand({ io, exit }: CommandContext): Command {
  const sync = new Command('sync')
    .description('keep accounts in step with a source, by a service')
    .addHelpText('after', NOTE);
  const add = (command: Command): Command => withUrl(withOutput(command));
  sync.addCommand(
    add(new Command('list').description('list the syncs')).action(async (options: Given) => {
      const syncs = await overService(io, options, allSyncs);
      printValue(io, options, { syncs, next: null }, () => listLines(io, syncs));
    }),
  );
  sync.addCommand(
    add(new Command('get').description('show a sync, as JSON').argument('<sync>', 'its name')).action(
      async (name: string, options: Given) => {
        printAnswer<object>(io, options, await ask(io, options, 'GET', pathOf(name)), pretty);
      },
    ),
  );
  sync.addCommand(
    add(new Command('put').description('store a sync').argument('<sync>', 'its name'))
      .requiredOption('--file <file>', 'the sync as JSON, from a file or from standard input (-)')
      .action(async (name: string, options: Given & { file: string }) => {
        const body = await readJsonObject('--file', options.file, io);
        printAnswer<object>(io, options, await ask(io, options, 'PUT', pathOf(name), body), pretty);
      }),
  );
  sync.addCommand(
    add(new Command('delete').description('delete a sync; its copies stay').argument('<sync>', 'its name'))
      .option('--yes', 'really')
      .action(async (name: string, options: Given & { yes?: boolean }) => {
        if (!options.yes) throw new UsageError(`--yes: is needed to delete the sync ${name}`);
        const answer = await ask(io, options, 'DELETE', pathOf(name));
        bodyOf(answer);
        io.out(
          options.json ? `${JSON.stringify({ sync: name, deleted: true })}\n` : `Deleted the sync ${name}.\n`,
        );
      }),
  );
  sync.addCommand(runCommand({ io, exit }, add));
  sync.addCommand(
    add(
      new Command('runs').description('list the runs of a sync, newest first').argument('<sync>', 'its name'),
    )
      .option('--limit <count>', 'how many, at most 1000', wholeNumber(1, 1000), 20)
      .option('--cursor <text>', 'go on where an earlier list ended: its "next"')
      .action(async (name: string, options: Given & { limit: number; cursor?: string }) => {
        const query = { limit: String(options.limit), ...(options.cursor ? { cursor: options.cursor } : {}) };
        const answer = await ask(io, options, 'GET', `${pathOf(name)}/runs`, undefined, query);
        printAnswer<{ runs: SyncRun[]; next: string | null }>(io, options, answer, ({ runs, next }) => [
          ...runListLines(runs, io.columns),
          ...(next === null ? [] : ['', `more: --cursor ${next}`]),
        ]);
      }),
  );
  sync.addCommand(
    add(
      new Command('status')
        .description('show one run of a sync')
        .argument('<sync>', 'its name')
        .argument('<run>', 'id of the run'),
    ).action(async (name: string, runId: string, options: Given) => {
      const answer = await ask(io, options, 'GET', runPath(name, runId));
      printAnswer<SyncRun>(io, options, answer, (run) => runLines(run, io.columns));
    }),
  );
  sync.addCommand(
    add(
      new Command('cancel')
        .description('stop a run of a sync')
        .argument('<sync>', 'its name')
        .argument('<run>', 'id of the run'),
    ).action(async (name: string, runId: string, options: Given) => {
      const answer = await ask(io, options, 'POST', `${runPath(name, runId)}/cancel`);
      printAnswer<SyncRun>(io, options, answer, ({ status }) => [
        status === 'running' ? `The run ${runId} stops.` : `The run ${runId} had ended: ${status}.`,
      ]);
    }),
  );
  return sync;
}

function runCommand({ io, exit }: CommandContext, add: (command: Command) => Command): Command {
  const command = new Command('run')
    .description('run a sync now, and wait for its end')
    .argument('<sync>', 'its name')
    .addOption(
      choice('--mode <mode>', 'report tells what differs and writes nothing', ['apply', 'report']).default(
        'apply',
      ),
    )
    .option('--target <accounts...>', 'only these targets of it')
    .option('--async', 'do not wait for the end, see flowferry sync status')
    .option('--quiet', 'show no progress')
    .option('--detailed-exitcode', 'end with 2 where a report finds something that differs');
  return add(command).action(async (name: string, options: RunOptions) => {
    const { mode, target } = options;
    const run = await overService(io, options, async (service) => {
      const body = { mode, ...(target === undefined ? {} : { targets: target }) };
      const accepted = await service.call({ method: 'POST', path: `${pathOf(name)}/run`, body });
      const { runId } = bodyOf<{ runId: string }>(accepted);
      if (options.async) {
        printAnswer<object>(io, options, accepted, () => [`Run ${runId} is under way.`]);
        return undefined;
      }
      const progress = progressView(io, { quiet: options.quiet ?? false });
      const answer = await runEnd(io, service, runPath(name, runId), progress);
      return printAnswer<SyncRun>(io, options, answer, (ended) => runLines(ended, io.columns));
    });
    if (run !== undefined) exit(exitOfRun(run, options));
  });
}

async function allSyncs(service: Service): Promise<Sync[]> {
  const syncs: Sync[] = [];
  let cursor: string | null = null;
  do {
    const query: Record<string, string> = { limit: PAGE, ...(cursor === null ? {} : { cursor }) };
    const answer = await service.call({ method: 'GET', path: '/syncs', query });
    const page = bodyOf<{ syncs: Sync[]; next: string | null }>(answer);
    syncs.push(...page.syncs);
    cursor = page.next;
  } while (cursor !== null);
  return syncs;
}

async function runEnd(io: Io, service: Service, path: string, progress: ProgressView): Promise<Answer> {
  try {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
      const answer = await service.call({ method: 'GET', path });
      const run = bodyOf<SyncRun>(answer);
      if (run.status !== 'running') return answer;
      progress.show(progressOf(run));
      await io.clock.sleep(pause);
    }
  } finally {
    progress.end();
  }
}

function exitOfRun(run: SyncRun, { detailedExitcode }: RunOptions): ExitCode {
  if (run.status === 'failed') return EXIT.error;
  if (run.status === 'partial') return EXIT.partial;
  const differs =
    run.mode === 'report' && run.targets.some(({ status }) => status !== 'in-step' && status !== 'skipped');
  return detailedExitcode && differs ? EXIT.pending : EXIT.done;
}

/** A folder on this machine has nobody who would start a schedule: there is no working from here. */
function overService<T>(io: Io, options: Given, work: (service: Service) => Promise<T>): Promise<T> {
  if (!options.url && !io.env['FLOWFERRY_URL']) {
    throw new UsageError('a sync needs a service that keeps it', 'give --url URL (or FLOWFERRY_URL)');
  }
  const url = options.url ?? io.env['FLOWFERRY_URL'] ?? '';
  return withService(io, { url }, 'none', work);
}

function ask(
  io: Io,
  options: Given,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: Json,
  query?: Readonly<Record<string, string>>,
): Promise<Answer> {
  return overService(io, options, (service) =>
    service.call({
      method,
      path,
      ...(body === undefined ? {} : { body }),
      ...(query === undefined ? {} : { query }),
    }),
  );
}

const pathOf = (name: string): string => `/syncs/${encodeURIComponent(name)}`;
const runPath = (name: string, runId: string): string => `${pathOf(name)}/runs/${encodeURIComponent(runId)}`;

function pretty(value: object): string[] {
  return [JSON.stringify(value, undefined, 2)];
}

function listLines(io: Io, syncs: readonly Sync[]): string[] {
  if (syncs.length === 0) return ['No syncs.'];
  return table(
    [{ title: 'sync' }, { title: 'source' }, { title: 'targets', flexible: true }, { title: 'schedule' }],
    syncs.map(({ sync = '', source, targets, schedule = '' }) => [
      sync,
      source.account,
      targets.map(({ account }) => account).join(', '),
      schedule,
    ]),
    io.columns,
  );
}
