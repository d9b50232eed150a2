import { codeOf, type Problem } from '../../core/model/problem.ts';
import type { CloneRequest } from '../../core/model/request.ts';
import type { AccountDirectory } from '../../core/ports.ts';
import { ProblemError } from '../http/problem.ts';

/** `account_not_found` unless both accounts exist, with the place of each that does not. No call to integrator.io. */
export async function checkAccountsExist(accounts: AccountDirectory, request: CloneRequest): Promise<void> {
  const sides = ['source', 'target'] as const;
  const found = await Promise.all(sides.map((side) => missing(accounts, request, side)));
  const problems = found.filter((problem) => problem !== undefined);
  if (problems.length > 0) {
    throw new ProblemError('account_not_found', 'Not every account of the request exists.', { problems });
  }
}

async function missing(
  accounts: AccountDirectory,
  request: CloneRequest,
  side: 'source' | 'target',
): Promise<Problem | undefined> {
  const { account } = request[side];
  try {
    await accounts.open(account, { rateShare: request.rateShare });
    return undefined;
  } catch (error) {
    if (codeOf(error) !== 'account_not_found') throw error;
    return {
      code: 'account_not_found',
      message: `There is no account "${account}".`,
      path: `/${side}/account`,
    };
  }
}
