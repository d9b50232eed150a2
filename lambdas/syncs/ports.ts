import type { Schedules } from '../../adapters/schedules/schedules.ts';
import type { SyncStore } from '../../core/sync/store.ts';
import type { ServicePorts } from '../ports.ts';

/** What the syncs' routes need. */
export type SyncsPorts = Pick<
  ServicePorts,
  'accounts' | 'clones' | 'clock' | 'keyLimiter' | 'keys' | 'log' | 'newCloneId' | 'worker'
> & {
  syncs: SyncStore;
  /** Left out: nothing calls syncs at their times, and one with a schedule is refused. */
  schedules?: Schedules | undefined;
};
