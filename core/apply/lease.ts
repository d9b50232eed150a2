import { RENEW_WITHIN_MS } from '../model/lease.ts';
import type { Lease, WriteOptions } from '../ports.ts';

/** What a lease must have left beyond a request's own time, ms. */
const MARGIN_MS = 5_000;

/**
 * Sends nothing but under a lease that was renewed a moment ago and outlasts the request: whoever takes the lease over
 * may then judge what was made under it. Throws `lease_lost`.
 */
export function underLease({
  lease,
  account,
}: {
  lease: Lease;
  account: { requestTimeoutMs: number };
}): WriteOptions {
  return {
    beforeSend: async () => {
      const isFresh = lease.sinceRenewalMs() < RENEW_WITHIN_MS;
      if (!isFresh || lease.remainingMs() < account.requestTimeoutMs + MARGIN_MS) await lease.renew();
    },
  };
}
