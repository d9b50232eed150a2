import { Command } from 'commander';
import type { IntegratorClient } from '../../../adapters/integrator/index.ts';
import { FlowferryError } from '../../../core/model/problem.ts';
import type { Document } from '../../../core/model/resource.ts';
import { accountsFrom } from '../../hosts/choose.ts';
import type { Io } from '../../io.ts';
import { type OutputOptions, withAccounts, withOutput } from '../../options/shared.ts';
import { clean } from '../../output/text.ts';
import { UsageError } from '../../usage-error.ts';

export interface FlowOptions extends OutputOptions {
  account: string;
  accounts?: string;
}

/** A command that calls integrator.io itself. */
export function flowCommand(name: string, description: string): Command {
  const command = new Command(name)
    .description(description)
    .requiredOption('--account <name>', 'the account, by its name in the file of --accounts');
  return withAccounts(withOutput(command));
}

/** The client of the account that the options name. */
export async function clientFor(io: Io, options: FlowOptions): Promise<IntegratorClient> {
  const accounts = accountsFrom(options, io);
  if (!accounts.has(options.account)) {
    const known = [...accounts.keys()].sort().join(', ');
    throw new UsageError(`--account: there is no account "${clean(options.account)}"`, `there are: ${known}`);
  }
  const { clientOf } = await import('../../hosts/accounts.ts');
  return clientOf(accounts, options.account, io.clock);
}

/** A document: on one line for a program, readable for a person. */
export function printDocument(io: Io, { json = false }: OutputOptions, document: Document): void {
  io.out(`${JSON.stringify(document, undefined, json ? undefined : 2)}\n`);
}

/** A document that was asked for; `flow_not_found` where there is none. */
export function found(id: string, document: Document | undefined): Document {
  if (document !== undefined) return document;
  throw new FlowferryError('flow_not_found', `There is no flow ${id} in this account.`);
}
