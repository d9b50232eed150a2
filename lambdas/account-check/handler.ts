import { forEachConcurrently } from '../../core/model/concurrent.ts';
import { codeOf } from '../../core/model/problem.ts';
import type { AccountCheckPorts } from '../ports.ts';

/** Accounts looked at at the same time. */
const OPEN_CHECKS = 8;

/** What one call may take of an account's rate: clones go first. */
const CHECK_RATE_SHARE = 0.1;

/** What one look at every token found. */
export interface CheckResult {
  checked: number;
  unauthorized: number;
  /** Accounts that could not be looked at: the next look finds them again. */
  unknown: number;
}

/**
 * What a schedule calls once a day: asks integrator.io whether it still takes every account's token, and raises
 * `Account Unauthorized` for each that it refuses, before a customer's clone finds out.
 */
export function accountCheckHandler(ports: AccountCheckPorts): () => Promise<CheckResult> {
  return async () => {
    const result: CheckResult = { checked: 0, unauthorized: 0, unknown: 0 };
    await forEachConcurrently(await ports.accountIndex.list(), OPEN_CHECKS, async ({ account, region }) => {
      result.checked += 1;
      const code = await refusalOf(ports, account);
      if (code === undefined) return;
      if (code === 'account_unauthorized' || code === 'invalid_account') {
        result.unauthorized += 1;
        await ports.events.put('Account Unauthorized', { account, region, code });
      } else if (code === 'account_not_found') {
        // Its secret was deleted by hand.
        await ports.accountIndex.remove(account);
      } else result.unknown += 1;
      ports.log.warn('account check failed', { account, code });
    });
    ports.log.info('accounts checked', { ...result });
    return result;
  };
}

async function refusalOf({ accounts }: AccountCheckPorts, name: string): Promise<string | undefined> {
  try {
    const account = await accounts.open(name, { rateShare: CHECK_RATE_SHARE });
    await account.identity();
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}
