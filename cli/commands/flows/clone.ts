import type { Command } from 'commander';
import { type CommandContext, printValue } from '../../command.ts';
import { idPairs, objectId } from '../../options/shared.ts';
import { table } from '../../output/table.ts';
import { clientFor, type FlowOptions, flowCommand } from './command.ts';

interface CloneFlowOptions extends FlowOptions {
  connectionMap?: Record<string, string>;
  into?: string;
}

const NOTE = `
This is integrator.io's own clone: within one account, dropping schedules and next-flow links, and making another copy
each time. It wants a connection map that covers every connection of the flow. Between accounts: flowferry clone.`;

/** `flowferry flows clone`. */
export function cloneFlowCommand({ io }: CommandContext): Command {
  return flowCommand('clone', 'clone a flow within its account')
    .argument('<flow>', 'its id', objectId)
    .option('--connection-map <pairs...>', 'connections: <source id>=<target id>', idPairs)
    .option('--into <integration>', 'id of the integration that gets the copy', objectId)
    .addHelpText('after', NOTE)
    .action(async (id: string, options: CloneFlowOptions) => {
      const client = await clientFor(io, options);
      const { connectionMap = {}, into } = options;
      const body = { connectionMap, ...(into === undefined ? {} : { _integrationId: into }) };
      const { created } = await client.flows.clone(id, body);
      printValue(io, options, { created }, () =>
        table(
          [{ title: 'type' }, { title: 'id' }, { title: 'name', flexible: true }],
          created.map(({ type, id: own, name = '' }) => [type, own, name]),
          io.columns,
        ),
      );
    });
}
