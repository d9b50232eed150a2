import { codeOf } from '../../core/model/problem.ts';
import { accountName } from '../../core/model/request.ts';
import { newOffboardingRecord } from '../../core/offboarding/index.ts';
import { type Call, callerOf, type Reply } from '../http/call.ts';
import { checkAccount, mayUse, mayUseEvery } from '../http/permission.ts';
import { ProblemError } from '../http/problem.ts';
import { wrong } from '../http/query.ts';
import { json } from '../http/reply.ts';
import { whileCallerWaits } from '../patience.ts';
import type { AccountsPorts, ApiKey } from '../ports.ts';
import type { AccountInputBody } from './input.ts';

/** What looking at a token may take of an account's rate: it is one call. */
const CHECK_RATE_SHARE = 0.3;

/**
 * Stores an account once integrator.io took its token. A name that the ledger holds copies under keeps standing for
 * the same integrator.io account: its copies would be looked for, and undone, in the wrong place.
 */
export async function putAccount(ports: AccountsPorts, call: Call): Promise<Reply> {
  const account = nameOf(call);
  if (!accountName.safeParse(account).success) {
    const message = 'must be 1 to 63 characters of a-z, 0-9 and -, not starting with -';
    throw new ProblemError('invalid_request', `The account's name ${message}.`, {
      problems: [{ code: 'invalid_request', message, path: '/path/account' }],
    });
  }
  const input = call.input as AccountInputBody;
  const { key, region } = await probe(ports, account, input);
  await checkBinding(ports, account, key);
  const { created } = await ports.accountWriter.put(account, input);
  await ports.accountIndex.put(account, region);
  call.log.info('account put', { account, created, byKey: callerOf(call).id });
  return json(created ? 201 : 200, { account, region, ok: true });
}

async function probe({ accountWriter }: AccountsPorts, account: string, input: AccountInputBody) {
  try {
    return await accountWriter.probe(account, input);
  } catch (error) {
    // What the caller sent is at fault here, not an account that we hold.
    if (codeOf(error) !== 'invalid_account') throw error;
    const message = 'must be https, without user, query or fragment';
    throw new ProblemError('invalid_request', "The account can't be used.", {
      problems: [{ code: 'invalid_request', message, path: '/baseUrl' }],
    });
  }
}

async function checkBinding(
  { bindings, ledger }: AccountsPorts,
  account: string,
  key: string,
): Promise<void> {
  const bound = await bindings.boundTo(account);
  if (bound === undefined || bound === key || (await ledger.pairsOf(bound)).length === 0) return;
  throw new ProblemError(
    'account_changed',
    'The ledger holds copies for the integrator.io account that this name stood for: clear it first, or take another name.',
  );
}

/** Asks integrator.io whether it takes the account's token now. */
export async function checkToken(ports: AccountsPorts, call: Call): Promise<Reply> {
  const account = existing(call);
  const opened = await whileCallerWaits(ports.accounts).open(account, { rateShare: CHECK_RATE_SHARE });
  const region = (await ports.accountIndex.list()).find((one) => one.account === account)?.region ?? 'us';
  try {
    return json(200, { account, region: (await opened.identity()).region, ok: true });
  } catch (error) {
    if (codeOf(error) !== 'account_unauthorized') throw error;
    return json(200, { account, region, ok: false });
  }
}

/** Deletes an account's secret at once: its name is free from now on. What was cloned into it stays. */
export async function deleteAccount(ports: AccountsPorts, call: Call): Promise<Reply> {
  const account = existing(call);
  await ports.accounts.open(account, { rateShare: CHECK_RATE_SHARE });
  await ports.accountWriter.delete(account);
  await ports.accountIndex.remove(account);
  call.log.info('account deleted', { account, byKey: callerOf(call).id });
  return { statusCode: 204 };
}

/** Starts to remove all that the ledger says we made in an account. */
export async function deleteCopies(ports: AccountsPorts, call: Call): Promise<Reply> {
  const account = existing(call);
  const source = call.event.queryStringParameters?.['source'];
  if (source !== undefined && !accountName.safeParse(source).success) {
    throw wrong('source', 'must be the name of an account');
  }
  checkSource(callerOf(call), source);
  await ports.accounts.open(account, { rateShare: CHECK_RATE_SHARE });
  if (source !== undefined && (await ports.bindings.boundTo(source)) === undefined) {
    await ports.accounts.open(source, { rateShare: CHECK_RATE_SHARE });
  }
  const record = newOffboardingRecord({
    cloneId: ports.newCloneId(),
    keyId: callerOf(call).id,
    account,
    source,
    createdAt: new Date(ports.clock.now()).toISOString(),
  });
  await ports.clones.create({ ...record, notes: { requestId: call.requestId } });
  await ports.worker.start(record.cloneId, record.attempt);
  const state = await ports.engine.reportOf(ports, record);
  return json(202, state, { location: `/clones/${record.cloneId}` });
}

/** What every account left there, only a key that may name every account takes away. */
function checkSource(key: ApiKey, source: string | undefined): void {
  if (source === undefined ? mayUseEvery(key) : mayUse(key, source)) return;
  const message =
    source === undefined
      ? 'The key may not use every account: name the one that was cloned from, as source.'
      : `The key may not use the account "${source}".`;
  throw new ProblemError('account_forbidden', message, {
    problems: [{ code: 'account_forbidden', message, path: '/query/source' }],
  });
}

function nameOf(call: Call): string {
  const account = call.event.pathParameters?.['account'] ?? '';
  checkAccount(callerOf(call), account);
  return account;
}

/** A name that an account can have; whether it has one, who opens it finds out. */
function existing(call: Call): string {
  const account = nameOf(call);
  if (accountName.safeParse(account).success) return account;
  throw new ProblemError('account_not_found', 'There is no such account.');
}
