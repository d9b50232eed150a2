import { accountName } from '../../core/model/request.ts';
import { type Call, callerOf, type Reply } from '../http/call.ts';
import { checkAccount, mayUse } from '../http/permission.ts';
import { ProblemError } from '../http/problem.ts';
import { pageOf } from '../http/query.ts';
import { json } from '../http/reply.ts';
import { type HttpHandler, serve } from '../http/service.ts';
import type { AccountsPorts } from '../ports.ts';
import { flowsPage } from './flows.ts';

/** What listing flows to choose from may take of an account's rate: a person waits, clones go first. */
const LISTING_RATE_SHARE = 0.3;

/** The accounts a key may use, and what there is to clone in them. */
export function accountsHandler(ports: AccountsPorts): HttpHandler {
  return serve(ports, {
    'GET /accounts': { handle: (call) => accounts(ports, call) },
    'GET /accounts/{account}/flows': { handle: (call) => flows(ports, call) },
  });
}

async function accounts({ accountIndex }: AccountsPorts, call: Call): Promise<Reply> {
  const key = callerOf(call);
  const usable = (await accountIndex.list()).filter(({ account }) => mayUse(key, account));
  const sorted = usable.map(({ account, region }) => ({ account, region }));
  return json(200, { accounts: sorted.sort((a, b) => (a.account < b.account ? -1 : 1)) });
}

async function flows(ports: AccountsPorts, call: Call): Promise<Reply> {
  const name = call.event.pathParameters?.['account'] ?? '';
  const page = pageOf(call.event, 100);
  checkAccount(callerOf(call), name);
  if (!accountName.safeParse(name).success) {
    throw new ProblemError('account_not_found', 'There is no such account.');
  }
  const account = await ports.accounts.open(name, { rateShare: LISTING_RATE_SHARE });
  return json(200, await flowsPage(account, page));
}
