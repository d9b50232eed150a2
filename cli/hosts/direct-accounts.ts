import { codeOf } from '../../core/model/problem.ts';
import type { AccountDirectory } from '../../core/ports.ts';
import { flowsPage } from '../../lambdas/accounts/flows.ts';
import type { Accounts } from './choose.ts';
import type { Answer } from './service.ts';

/** `GET /accounts`, over the file of accounts. */
export function answerAccounts(accounts: Accounts): Answer {
  const listed = [...accounts].map(([account, { region }]) => ({ account, region }));
  listed.sort((one, other) => (one.account < other.account ? -1 : 1));
  return { status: 200, text: JSON.stringify({ accounts: listed }) };
}

/** `GET /accounts/{account}/flows`, all on one page: nobody waits in between. */
export async function answerFlows(accounts: AccountDirectory, name: string): Promise<Answer> {
  try {
    const account = await accounts.open(name, { rateShare: 0.95 });
    const page = await flowsPage(account, { limit: Number.POSITIVE_INFINITY, cursor: undefined });
    return { status: 200, text: JSON.stringify(page) };
  } catch (error) {
    if (codeOf(error) !== 'account_not_found') throw error;
    const detail = error instanceof Error ? error.message : '';
    return {
      status: 404,
      text: JSON.stringify({
        title: 'No such account',
        status: 404,
        detail,
        code: codeOf(error),
        errors: [],
      }),
    };
  }
}
