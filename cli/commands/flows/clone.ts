import type { Command } from 'commander';
import type { IntegratorClient } from '../../../adapters/integrator/index.ts';
import { isObjectId } from '../../../core/model/resource.ts';
import { type CommandContext, printValue } from '../../command.ts';
import { idPairs, objectId } from '../../options/shared.ts';
import { table } from '../../output/table.ts';
import { UsageError } from '../../usage-error.ts';
import { clientFor, type FlowOptions, flowCommand, found } from './command.ts';

interface CloneFlowOptions extends FlowOptions {
  connectionMap?: Record<string, string>;
  into?: string;
  name?: string;
}

const NOTE = `
This is integrator.io's own clone: within one account, dropping schedules and next-flow links, and making another copy
each time. It wants a connection map that covers every connection of the flow; map one to itself to keep it. Between
accounts: flowferry clone.`;

/** `flowferry flows clone`. */
export function cloneFlowCommand({ io }: CommandContext): Command {
  return flowCommand('clone', 'clone a flow within its account')
    .argument('<flow>', 'its id', objectId)
    .option('--connection-map <pairs...>', 'connections: <source id>=<target id>', idPairs)
    .option(
      '--into <integration>',
      "id of the integration that gets the copy (default: the flow's own)",
      objectId,
    )
    .option('--name <name>', 'name of the copy (default: as integrator.io names it)')
    .addHelpText('after', NOTE)
    .action(async (id: string, options: CloneFlowOptions) => {
      const client = await clientFor(io, options);
      const { connectionMap = {}, into, name } = options;
      const _integrationId = into ?? (await homeOf(client, id));
      const body = { connectionMap, _integrationId, ...(name === undefined ? {} : { name }) };
      const { created } = await client.flows.clone(id, body);
      printValue(io, options, { created }, () =>
        table(
          [{ title: 'type' }, { title: 'id' }, { title: 'name', flexible: true }],
          created.map(({ type, id: own, name: called = '' }) => [type, own, called]),
          io.columns,
        ),
      );
    });
}

/** integrator.io wants to be told where a copy goes. */
async function homeOf(client: IntegratorClient, id: string): Promise<string> {
  const { _integrationId } = found(id, await client.flows.get(id));
  if (isObjectId(_integrationId)) return _integrationId;
  throw new UsageError('--into: is needed, for the flow belongs to no integration');
}
