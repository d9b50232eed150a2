import type { Account, AccountDirectory, CallStats } from '../../core/ports.ts';
import type { Metrics } from './emf.ts';

export interface MeteredAccounts extends AccountDirectory {
  /** Writes what was called since the last time. */
  flush(): void;
}

interface Counted {
  readonly account: WeakRef<Account>;
  readonly name: string;
  told: CallStats;
}

/**
 * Accounts whose calls are counted: calls, repeats and 429s, by account. An account that nobody holds any more is
 * forgotten. With `bySeries` each account gets series of its own, which CloudWatch charges for; without it the name
 * stands in the line, to be searched for.
 */
export function meteredAccounts(
  directory: AccountDirectory,
  { metrics, bySeries }: { metrics: Metrics; bySeries: boolean },
): MeteredAccounts {
  const opened = new Set<Counted>();
  return {
    async open(name, options) {
      const account = await directory.open(name, options);
      opened.add({ account: new WeakRef(account), name, told: { calls: 0, retries: 0, rateLimited: 0 } });
      return account;
    },
    flush() {
      for (const counted of opened) {
        const stats = counted.account.deref()?.stats();
        if (stats === undefined) opened.delete(counted);
        else tell(counted, stats);
      }
    },
  };

  function tell(counted: Counted, stats: CallStats): void {
    const { told, name: Account } = counted;
    counted.told = { ...stats };
    const figures = {
      Calls: stats.calls - told.calls,
      Retries: stats.retries - told.retries,
      RateLimited: stats.rateLimited - told.rateLimited,
    };
    if (Object.values(figures).every((figure) => figure === 0)) return;
    metrics.put(figures, bySeries ? { dimensions: { Account } } : { facts: { Account } });
  }
}
