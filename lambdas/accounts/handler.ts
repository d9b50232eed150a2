import { accountName } from '../../core/model/request.ts';
import { type Call, callerOf, type Reply } from '../http/call.ts';
import { checkAccount, mayUse } from '../http/permission.ts';
import { ProblemError } from '../http/problem.ts';
import { pageOf } from '../http/query.ts';
import { json } from '../http/reply.ts';
import { type HttpHandler, serve } from '../http/service.ts';
import { whileCallerWaits } from '../patience.ts';
import type { AccountsPorts } from '../ports.ts';
import { flowsPage } from './flows.ts';
import { accountInput } from './input.ts';
import { checkToken, deleteAccount, deleteCopies, putAccount } from './manage.ts';

/** What listing flows to choose from may take of an account's rate: a person waits, clones go first. */
const LISTING_RATE_SHARE = 0.3;

/** The accounts a key may use, what there is to clone in them, and, for keys that may, what there is to manage. */
export function accountsHandler(ports: AccountsPorts): HttpHandler {
  return serve(ports, {
    'GET /accounts': { handle: (call) => accounts(ports, call) },
    'GET /accounts/{account}/flows': { handle: (call) => flows(ports, call) },
    'PUT /accounts/{account}': {
      admin: true,
      schema: accountInput,
      handle: (call) => putAccount(ports, call),
    },
    'POST /accounts/{account}/check': { admin: true, handle: (call) => checkToken(ports, call) },
    'DELETE /accounts/{account}': { admin: true, handle: (call) => deleteAccount(ports, call) },
    'DELETE /accounts/{account}/copies': { admin: true, handle: (call) => deleteCopies(ports, call) },
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
  const account = await whileCallerWaits(ports.accounts).open(name, { rateShare: LISTING_RATE_SHARE });
  return json(200, await flowsPage(account, page));
}
