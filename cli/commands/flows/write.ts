import type { Command } from 'commander';
import { type CommandContext, printValue } from '../../command.ts';
import { readJsonObject } from '../../options/json-file.ts';
import { objectId } from '../../options/shared.ts';
import { UsageError } from '../../usage-error.ts';
import { clientFor, type FlowOptions, flowCommand, found, printDocument } from './command.ts';

const FILE = 'the flow as JSON, from a file or from standard input (-)';

/** `flowferry flows get`. */
export function getCommand({ io }: CommandContext): Command {
  return flowCommand('get', 'show a flow, as JSON')
    .argument('<flow>', 'its id', objectId)
    .action(async (id: string, options: FlowOptions) => {
      const client = await clientFor(io, options);
      printDocument(io, options, found(id, await client.flows.get(id)));
    });
}

/** `flowferry flows create`. */
export function createCommand({ io }: CommandContext): Command {
  return flowCommand('create', 'create a flow')
    .requiredOption('--file <file>', FILE)
    .action(async (options: FlowOptions & { file: string }) => {
      const client = await clientFor(io, options);
      const body = await readJsonObject('--file', options.file, io);
      printDocument(io, options, await client.flows.create(body));
    });
}

/** `flowferry flows update`. */
export function updateCommand({ io }: CommandContext): Command {
  return flowCommand('update', 'replace a flow: what the new document leaves out is erased')
    .argument('<flow>', 'its id', objectId)
    .requiredOption('--file <file>', FILE)
    .option('--merge', 'read the flow first, and change only the members that the file has')
    .action(async (id: string, options: FlowOptions & { file: string; merge?: boolean }) => {
      const client = await clientFor(io, options);
      const body = await readJsonObject('--file', options.file, io);
      const before = options.merge ? found(id, await client.flows.get(id)) : {};
      printDocument(io, options, await client.flows.update(id, { ...before, ...body }));
    });
}

/** `flowferry flows delete`. */
export function deleteCommand({ io }: CommandContext): Command {
  return flowCommand('delete', 'delete a flow; its exports and imports stay')
    .argument('<flow>', 'its id', objectId)
    .option('--yes', 'really')
    .action(async (id: string, options: FlowOptions & { yes?: boolean }) => {
      const client = await clientFor(io, options);
      if (!options.yes)
        throw new UsageError(`--yes: is needed to delete the flow ${id} of ${options.account}`);
      const deleted = await client.flows.delete(id);
      printValue(io, options, { flowId: id, deleted }, () => [
        deleted ? `Deleted the flow ${id}.` : `There is no flow ${id}: nothing to do.`,
      ]);
    });
}
