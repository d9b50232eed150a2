import { Command } from 'commander';
import type { CommandContext } from '../../command.ts';
import { cloneFlowCommand } from './clone.ts';
import { listCommand } from './list.ts';
import { runFlowCommand } from './run.ts';
import { createCommand, deleteCommand, getCommand, updateCommand } from './write.ts';

/** `flowferry flows`. */
export function flowsCommand(context: CommandContext): Command {
  const flows = new Command('flows').description(
    "work with the flows of one account, by integrator.io's own Flow API",
  );
  for (const make of [
    listCommand,
    getCommand,
    createCommand,
    updateCommand,
    deleteCommand,
    cloneFlowCommand,
    runFlowCommand,
  ]) {
    flows.addCommand(make(context));
  }
  return flows;
}
