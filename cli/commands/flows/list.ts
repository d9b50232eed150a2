import { Command } from 'commander';
import type { FlowChoice } from '../../../lambdas/accounts/flows.ts';
import { type CommandContext, printValue } from '../../command.ts';
import { withService } from '../../context.ts';
import { bodyOf, type Service } from '../../hosts/service.ts';
import { type Given, withAccounts, withOutput, withUrl } from '../../options/shared.ts';
import { table } from '../../output/table.ts';

const PAGE = '1000';

/** `flowferry flows list`: the one of its kind that a service can answer as well. */
export function listCommand({ io }: CommandContext): Command {
  const command = new Command('list')
    .description('list the flows of an account')
    .requiredOption('--account <name>', 'the account');
  return withUrl(withAccounts(withOutput(command))).action(async (options: Given & { account: string }) => {
    const flows = await withService(io, options, 'none', (service) => allFlows(service, options.account));
    printValue(io, options, { flows, next: null }, () => rows(flows, io.columns));
  });
}

async function allFlows(service: Service, account: string): Promise<FlowChoice[]> {
  const flows: FlowChoice[] = [];
  let cursor: string | null = null;
  do {
    const query: Record<string, string> = { limit: PAGE, ...(cursor === null ? {} : { cursor }) };
    const answer = await service.call({
      method: 'GET',
      path: `/accounts/${encodeURIComponent(account)}/flows`,
      query,
    });
    const page = bodyOf<{ flows: FlowChoice[]; next: string | null }>(answer);
    flows.push(...page.flows);
    cursor = page.next;
  } while (cursor !== null);
  return flows;
}

function rows(flows: readonly FlowChoice[], width: number | undefined): string[] {
  if (flows.length === 0) return ['No flows.'];
  return table(
    [{ title: 'flow' }, { title: 'name', flexible: true }, { title: 'integration' }, { title: 'enabled' }],
    flows.map(({ id, name, integrationName, disabled }) => [
      id,
      name,
      integrationName ?? '',
      disabled ? 'no' : 'yes',
    ]),
    width,
  );
}
