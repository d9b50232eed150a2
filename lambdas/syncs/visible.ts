import { syncName } from '../../core/model/sync.ts';
import type { RunSummary, StoredSync, SyncRun } from '../../core/sync/run.ts';
import { type Call, callerOf } from '../http/call.ts';
import { mayUse } from '../http/permission.ts';
import { ProblemError } from '../http/problem.ts';
import type { ApiKey } from '../ports.ts';
import type { SyncsPorts } from './ports.ts';

const RUN_ID = /^[0-9a-z-]{1,64}$/;

/** A sync is seen by every key that may use all of its accounts, and does not exist for any other. */
export function maySeeSync(key: ApiKey, { definition }: Pick<StoredSync, 'definition'>): boolean {
  return maySeeAll(key, definition);
}

/** So is a run: it may be one of other accounts than the sync has now, or of another sync that had its name. */
export function maySeeRun(key: ApiKey, run: RunSummary): boolean {
  return maySeeAll(key, run);
}

interface Named {
  account: string;
}

function maySeeAll(key: ApiKey, { source, targets }: { source: Named; targets: readonly Named[] }): boolean {
  return [source, ...targets].every(({ account }) => mayUse(key, account));
}

/** The sync that the path names; `sync_not_found` also where this key may not see it. */
export async function visibleSync({ syncs }: Pick<SyncsPorts, 'syncs'>, call: Call): Promise<StoredSync> {
  const name = call.event.pathParameters?.['sync'] ?? '';
  const sync = syncName.safeParse(name).success ? await syncs.get(name) : undefined;
  if (sync === undefined || !maySeeSync(callerOf(call), sync)) {
    throw new ProblemError('sync_not_found', 'There is no such sync.');
  }
  return sync;
}

/** The run that the path names; `run_not_found` also where this key may not see its accounts. */
export async function visibleRun(ports: Pick<SyncsPorts, 'syncs'>, call: Call): Promise<SyncRun> {
  const { name } = await visibleSync(ports, call);
  const runId = call.event.pathParameters?.['runId'] ?? '';
  const run = RUN_ID.test(runId) ? await ports.syncs.getRun(name, runId) : undefined;
  if (run === undefined || !maySeeSync(callerOf(call), run)) {
    throw new ProblemError('run_not_found', 'There is no such run of this sync.');
  }
  return run;
}
