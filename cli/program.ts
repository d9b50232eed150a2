import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { FlowferryError } from '../core/model/problem.ts';
import { errorFields } from '../lambdas/http/log.ts';
import type { CommandContext } from './command.ts';
import { accountsCommand } from './commands/accounts.ts';
import { cloneCommand } from './commands/clone.ts';
import { resumeCommand, rollbackCommand } from './commands/control.ts';
import { flowsCommand } from './commands/flows/flows.ts';
import { planCommand } from './commands/plan.ts';
import { sandboxCommand } from './commands/sandbox.ts';
import { statusCommand } from './commands/status.ts';
import { syncCommand } from './commands/sync.ts';
import { EXIT, type ExitCode, exitOfProblem } from './exit.ts';
import { ProblemAnswer } from './hosts/service.ts';
import type { Io } from './io.ts';
import { problemLines } from './output/problem.ts';
import type { ProblemDocument } from './output/state.ts';
import { clean, lines } from './output/text.ts';
import { problemOf } from './problem.ts';
import { UsageError } from './usage-error.ts';

const CODES = `
Exit codes:
  0   done, or nothing to do
  1   an error
  2   changes are pending (--detailed-exitcode)
  3   blocked: refused before anything was written
  4   partly done: failed and kept, or waiting for connections to be authorised
  5   failed, and what was written is undone
  64  wrong usage

Tokens and keys are read from the file of --accounts and from FLOWFERRY_API_KEY, never from options.`;

/** The commands over this io. What a command ends with goes to `exit`. */
export function createProgram({ io, exit }: CommandContext): Command {
  const program = new Command('flowferry')
    .description('Clones integrator.io flows between accounts, with everything they need.')
    .version(versionOf(), '--version', 'show the version')
    .helpOption('--help', 'show this help')
    .helpCommand(false)
    .addHelpText('after', CODES);
  for (const make of [
    planCommand,
    cloneCommand,
    statusCommand,
    resumeCommand,
    rollbackCommand,
    syncCommand,
    flowsCommand,
    accountsCommand,
    sandboxCommand,
  ]) {
    program.addCommand(make({ io, exit }));
  }
  settle(program, io);
  return program;
}

/** What commander does by itself otherwise: writing to the process, ending it, its own words for help. */
function settle(command: Command, io: Io): void {
  command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'flowferry: ')),
      getOutHelpWidth: () => io.columns ?? HELP_WIDTH,
      getErrHelpWidth: () => io.columns ?? HELP_WIDTH,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .helpOption('--help', 'show this help')
    .helpCommand(false)
    .showHelpAfterError(`For all options: ${pathOf(command)} --help`)
    .configureHelp({ showGlobalOptions: false });
  for (const child of command.commands) settle(child, io);
}

/** Columns of a help text that goes to a file, and so of the documentation. */
const HELP_WIDTH = 110;

/** How a command is called: `flowferry flows list`. */
export function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function versionOf(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}

/** Runs one command line; answers what the process is to end with. */
export async function runProgram(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  const program = createProgram({
    io,
    exit: (own) => {
      code = own;
    },
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return explained(error, io, { json: argv.includes('--json'), verbose: argv.includes('--verbose') });
  }
}

/** Says what went wrong, to people and with `--json` to programs as well, and answers the exit code for it. */
function explained(error: unknown, io: Io, { json, verbose }: { json: boolean; verbose: boolean }): ExitCode {
  // Help and version are no errors.
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
  const problem = problemOf(error);
  if (json) io.out(`${JSON.stringify(problem)}\n`);
  if (verbose && !(error instanceof FlowferryError)) io.err(`${JSON.stringify(errorFields(error))}\n`);
  io.err(lines(complaint(error, problem)));
  return exitOfProblem(problem);
}

function complaint(error: unknown, problem: ProblemDocument): string[] {
  // Commander has said what there is to say.
  if (error instanceof CommanderError) return [];
  if (error instanceof UsageError) {
    return [
      ...error.lines.map((line) => `flowferry: ${clean(line)}`),
      ...(error.hint ? [`(${error.hint})`] : []),
    ];
  }
  if (error instanceof ProblemAnswer) return problemLines(problem);
  return [`flowferry: ${problem.code}: ${clean(problem.detail)}`];
}
