import { systemClock } from '../../adapters/integrator/system-clock.ts';
import { createRateLimiter, type RateLimiter } from '../../adapters/limits/index.ts';
import type { RecordStore } from '../../adapters/records.ts';
import type { Environment } from '../environment.ts';

/** How often one key may call; `undefined`: as often as it likes. */
export function keyLimiterOf(environment: Environment, records: RecordStore): RateLimiter | undefined {
  const { FLOWFERRY_KEY_RATE: rate, FLOWFERRY_KEY_BURST: burst } = environment;
  return limiter(records, 'key-rates', rate, burst);
}

/** How often one hook may be delivered to; `undefined`: as often as senders like. */
export function hookLimiterOf(environment: Environment, records: RecordStore): RateLimiter | undefined {
  const { FLOWFERRY_HOOK_RATE: rate, FLOWFERRY_HOOK_BURST: burst } = environment;
  return limiter(records, 'hook-rates', rate, burst);
}

function limiter(records: RecordStore, collection: string, rate: number, burst: number) {
  if (rate === 0) return undefined;
  return createRateLimiter({ records, clock: systemClock, collection, rate, burst });
}
