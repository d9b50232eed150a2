import type { Problem } from '../model/problem.ts';
import type { SyncOrder } from '../model/sync.ts';
import type { AccountDirectory, BindingStore, Clock, CloneStore, Ledger, Log } from '../ports.ts';

/** Everything a clone needs while it is carried out. */
export interface ClonePorts {
  accounts: AccountDirectory;
  ledger: Ledger;
  clones: CloneStore;
  bindings: BindingStore;
  clock: Clock;
  log: Log;
  /**
   * Why a sync does not want its order carried out in this account any more, if it does not; left out: there are no
   * syncs.
   */
  objection?: ((order: SyncOrder, account: string) => Promise<Problem | undefined>) | undefined;
}

/**
 * What the host does after one bounded piece of work: call again at once, call again after some seconds
 * (suspended where the host can suspend), or stop because the clone has ended or waits for the customer.
 */
export type Advance =
  | { next: 'again' }
  | { next: 'later'; seconds: number }
  | { next: 'stop'; status: string };
