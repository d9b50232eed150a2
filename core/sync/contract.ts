import type { ClonePorts } from '../clone/contract.ts';
import type { JsonObject } from '../model/resource.ts';
import type { WorkerStarter } from '../ports.ts';
import type { SyncStore } from './store.ts';

/** Everything a run of a sync needs while it is carried out. */
export interface SyncPorts extends ClonePorts {
  syncs: SyncStore;
  /** Carries one target's clone on. */
  worker: WorkerStarter;
  /** Told of runs that ended and of drift; where left out, nobody is. */
  events?: { put(type: 'Sync Completed' | 'Drift Detected', detail: JsonObject): Promise<void> } | undefined;
}
