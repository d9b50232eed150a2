import type { CloneRequest } from '../../core/model/request.ts';
import type { CloneRecord } from '../../core/ports.ts';
import type { ApiKey } from '../ports.ts';
import { ProblemError } from './problem.ts';

/** Whether a key may name every account, also one that is yet to be made. */
export function mayUseEvery(key: ApiKey): boolean {
  return key.accounts.includes('*');
}

/** Whether a key may name this account, as source or as target. */
export function mayUse(key: ApiKey, account: string): boolean {
  return mayUseEvery(key) || key.accounts.includes(account);
}

/** `account_forbidden` unless the key may name every account of the request. */
export function checkAccounts(key: ApiKey, request: CloneRequest): void {
  const problems = (['source', 'target'] as const)
    .filter((side) => !mayUse(key, request[side].account))
    .map((side) => ({
      code: 'account_forbidden',
      message: `The key may not use the account "${request[side].account}".`,
      path: `/${side}/account`,
    }));
  if (problems.length > 0) {
    throw new ProblemError('account_forbidden', 'The key may not use every account of the request.', {
      problems,
    });
  }
}

/** `account_forbidden` unless the key may name the account. */
export function checkAccount(key: ApiKey, account: string): void {
  if (mayUse(key, account)) return;
  throw new ProblemError('account_forbidden', 'The key may not use this account.');
}

/** A clone is seen by every key that may use both of its accounts, and does not exist for any other. */
export function maySee(key: ApiKey, record: CloneRecord): boolean {
  return mayUse(key, record.request.source.account) && mayUse(key, record.request.target.account);
}
