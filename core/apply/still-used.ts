import type { Account } from '../ports.ts';
import { usedBy, usersOf } from '../read/users.ts';

/**
 * Which of these objects something else in the account has come to need, straight or through another of them:
 * the tenant's own flow in an integration of ours, its own step on a connection of ours. They must stay.
 */
export async function stillUsed(account: Account, ours: ReadonlySet<string>): Promise<Set<string>> {
  return usedBy(await usersOf(account, ours), ours);
}
