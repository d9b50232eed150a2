import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { systemClock } from '../adapters/integrator/index.ts';
import { createProgram, pathOf } from './program.ts';

const INTRODUCTION = `# The command line

Written by \`npm run docs\` from the commands' own help: change that, not this.

\`\`\`sh
npx flowferry plan  --source blueprint --target acme --flow 55ea78c6b751843c37b7b367 --connections match-name
npx flowferry clone --source blueprint --target acme --flow 55ea78c6b751843c37b7b367 --connections match-name --activate
\`\`\`

\`npx\` finds it in a checkout of flowferry, after \`npm ci\`; elsewhere, link the checkout (\`npm install ../flowferry\`). It is
TypeScript without a build, and Node strips no types below a real \`node_modules\`: from a packed installation it does not
run, and says so.

## Where it works

**From here.** With \`--accounts FILE\` (or \`FLOWFERRY_ACCOUNTS\`) the command does the work itself. The file holds
\`{"<name>": {"token", "region"?, "baseUrl"?}}\`; keep it readable by yourself alone. What was cloned, and what became of
what, is kept in the folder of \`--data\` (or \`FLOWFERRY_DATA\`, or \`.flowferry\` where you stand): so a second clone is an
update, and \`status\`, \`resume\` and \`rollback\` find the first. Keep that folder as long as you want them to. It holds
documents of your flows, and no token. One command at a time has it.

**At a service.** With \`--url URL\` (or \`FLOWFERRY_URL\`) and its key in \`FLOWFERRY_API_KEY\` the command asks a deployed
service by its HTTP interface, which then keeps everything. Options count before variables; accounts and a service
together are an error.

\`flows get\`, \`create\`, \`update\`, \`delete\`, \`clone\` and \`run\` always call integrator.io themselves and need the file;
\`sync\` always needs a service.

To try it without any account, leave \`npx flowferry sandbox\` running; its help has the file to use.

## What it writes

Results go to standard output, progress, hints and complaints to standard error. With \`--json\` standard output holds
exactly one JSON document: the answer of the HTTP interface, where pages of flows, actions and syncs are put together as
one. Whatever goes wrong is a problem document there, as the HTTP interface has them, be it that the service answered it
or that the command never got so far (\`wrong_usage\`, \`service_unreachable\`, \`unexpected_answer\`, \`left\`); its text for
people goes to standard error all the same. Whatever waits for a clone shows a live line on a terminal and a line a stage
elsewhere.

| exit code | meaning |
|---|---|
| 0 | done, or nothing to do |
| 1 | an error |
| 2 | changes are pending: \`plan\` and \`sync run --mode report\`, with \`--detailed-exitcode\` |
| 3 | blocked: refused before anything was written |
| 4 | partly done: it failed and was kept, or waits for connections to be authorised |
| 5 | failed, and what was written is undone |
| 64 | wrong usage; the option that is wrong is named |

Tokens and keys are read from the file and the variable, never from options, where other users of the machine could
see them. They are never written.

## When it is stopped

The first Ctrl-C (or SIGTERM) asks a clone to stop after the calls under way; it then ends as \`--on-failure\` says. The
second leaves at once. After that, or after a kill, \`flowferry status --target NAME\` shows the clone as it stands and
\`flowferry resume ID\` goes on with it: nothing is made twice.

\`npx\` ends by the signal itself: its exit code tells nothing of the clone, and a signal to \`npx\` alone never reaches the
command. Where that matters, as in scripts, start \`node cli/flowferry.js\` of the checkout in its place.

\`status --wait\` only watches: Ctrl-C ends it, with exit code 1, and the clone goes on at the service.

## Commands
`;

/** The documentation of the command line. */
export function commandReference(): string {
  const program = createProgram({
    io: {
      out: () => undefined,
      err: () => undefined,
      input: async () => '',
      env: {},
      isWatched: false,
      columns: undefined,
      clock: systemClock,
      newId: () => '',
      onInterrupt: () => () => undefined,
    },
    exit: () => undefined,
  });
  return `${INTRODUCTION}\n${leavesOf(program).map(section).join('\n')}`;
}

/** The commands that do something, in the order of the help. */
function leavesOf(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);
}

function section(command: Command): string {
  let help = '';
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  return `### ${pathOf(command)}\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\`\n`;
}

if (import.meta.main) writeFileSync(new URL('../docs/cli.md', import.meta.url), commandReference());
