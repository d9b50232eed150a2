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
  const account = await accounts.open(name, { rateShare: 0.95 });
  const page = await flowsPage(account, { limit: Number.POSITIVE_INFINITY, cursor: undefined });
  return { status: 200, text: JSON.stringify(page) };
}
