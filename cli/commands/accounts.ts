import { Command } from 'commander';
import { codeOf } from '../../core/model/problem.ts';
import { type CommandContext, printAnswer, printValue } from '../command.ts';
import { withService } from '../context.ts';
import { EXIT } from '../exit.ts';
import type { Accounts } from '../hosts/choose.ts';
import { bodyOf, ProblemAnswer, type Service } from '../hosts/service.ts';
import type { Io } from '../io.ts';
import { type Given, withHost, withOutput } from '../options/shared.ts';
import { table } from '../output/table.ts';

interface Listed {
  account: string;
  region: string;
}

interface Checked extends Listed {
  ok: boolean;
  /** Why not. */
  code?: string;
}

/** `flowferry accounts`. */
export function accountsCommand({ io, exit }: CommandContext): Command {
  const command = new Command('accounts')
    .description('list the accounts that can be named as source or target')
    .option(
      '--check',
      "ask integrator.io whether it takes each account's token; end with 1 where it does not",
    );
  return withHost(withOutput(command)).action(async (options: Given & { check?: boolean }) => {
    await withService(io, options, 'none', async (service, choice) => {
      const answer = await service.call({ method: 'GET', path: '/accounts' });
      if (!options.check) {
        printAnswer<{ accounts: Listed[] }>(io, options, answer, ({ accounts }) => rows(io, accounts));
        return;
      }
      const { accounts } = bodyOf<{ accounts: Listed[] }>(answer);
      const check = choice.kind === 'direct' ? checkHere(io, choice.accounts) : checkThere(service);
      const checked: Checked[] = [];
      for (const listed of accounts) checked.push(await check(listed));
      printValue(io, options, { accounts: checked }, () => rows(io, checked));
      if (checked.some(({ ok }) => !ok)) exit(EXIT.error);
    });
  });
}

function checkHere({ clock }: Io, accounts: Accounts) {
  return async (listed: Listed): Promise<Checked> => {
    const { clientOf } = await import('../hosts/accounts.ts');
    try {
      await clientOf(accounts, listed.account, clock).tokenInfo();
      return { ...listed, ok: true };
    } catch (error) {
      return { ...listed, ok: false, code: codeOf(error) };
    }
  };
}

/** Problems of the key, which are the same for every account. */
const OF_THE_KEY: ReadonlySet<string> = new Set(['unauthorized', 'admin_required']);

function checkThere(service: Service) {
  return async (listed: Listed): Promise<Checked> => {
    const path = `/accounts/${encodeURIComponent(listed.account)}/check`;
    try {
      const checked = bodyOf<Checked>(await service.call({ method: 'POST', path }));
      return checked.ok ? checked : { ...checked, code: 'account_unauthorized' };
    } catch (error) {
      if (!(error instanceof ProblemAnswer) || OF_THE_KEY.has(error.code)) throw error;
      return { ...listed, ok: false, code: error.code };
    }
  };
}

function rows(io: Io, accounts: readonly (Listed & Partial<Checked>)[]): string[] {
  if (accounts.length === 0) return ['No accounts.'];
  const checked = accounts.some(({ ok }) => ok !== undefined);
  return table(
    [{ title: 'account' }, { title: 'region' }, ...(checked ? [{ title: 'token' }] : [])],
    accounts.map(({ account, region, ok, code }) => [
      account,
      region,
      ok === true ? 'ok' : (code ?? 'refused'),
    ]),
    io.columns,
  );
}
