import type { RecordStore } from '../../adapters/records.ts';
import { codeOf } from '../../core/model/problem.ts';
import type {
  AccountDirectory,
  Clock,
  CloneRecord,
  CloneStore,
  Log,
  WorkerStarter,
} from '../../core/ports.ts';
import type { SyncStore } from '../../core/sync/store.ts';
import { restartStaleRuns } from '../../core/sync/sweep.ts';
import { logOf } from '../clone-log.ts';
import type { Metrics } from '../metrics/emf.ts';
import { countRest } from '../metrics/rest.ts';

export interface SweeperPorts {
  /** Left out: there are no syncs. */
  syncs?: SyncStore | undefined;
  clones: CloneStore;
  accounts: AccountDirectory;
  records: RecordStore;
  worker: WorkerStarter;
  clock: Clock;
  log: Log;
  /** Counts clones that are given up; left out: nobody counts. */
  metrics?: Metrics | undefined;
  settings: {
    /** A running clone whose worker was silent for longer than this (ms) gets another. */
    stallAfterMs: number;
    /** How long, ms, until a clone that waits for the customer is first looked at again; then longer and longer. */
    firstLookMs: number;
  };
}

/** Restarts in a row without the clone coming to rest, before it is given up: it kills its workers. */
const MAX_RESTARTS = 10;

/** The longest a customer waits for us to notice that a connection was authorised, ms. */
const LONGEST_LOOK_MS = 60 * 60_000;

/** A clone that waited for a time t is looked at again after a tenth of it. */
const LOOK_SHARE = 0.1;

/** What looking at connections may take of an account's rate. */
const LOOK_RATE_SHARE = 0.1;

const LOOKS = 'looks';

/**
 * Takes care of clones that nobody carries on: those whose worker was lost get another, and those that wait for the
 * customer are gone on with once their connections work. Answers how many of each.
 * So are syncs' runs whose coordinator was lost.
 */
export async function sweep(ports: SweeperPorts): Promise<{ restarted: number; woken: number }> {
  const swept = { restarted: 0, woken: 0 };
  for (const record of await ports.clones.listUnfinished()) {
    try {
      if (record.status === 'running' && isStale(ports, record))
        swept.restarted += await restart(ports, record);
      if (record.status === 'waiting' && (await isReady(ports, record))) {
        await newAttempt(ports, record, {});
        swept.woken += 1;
      }
    } catch (error) {
      // One clone's trouble is not the others'; the next sweep looks at it again.
      const { cloneId } = record;
      logOf(ports.log, record).warn('sweep failed for a clone', { cloneId, code: codeOf(error) });
    }
  }
  const { syncs, worker, clock, log, settings } = ports;
  if (syncs) swept.restarted += await restartStaleRuns({ syncs, worker, clock, log }, settings.stallAfterMs);
  if (swept.restarted + swept.woken > 0) ports.log.info('swept', swept);
  return swept;
}

function isStale({ clock, settings }: SweeperPorts, { heartbeatAt, createdAt }: CloneRecord): boolean {
  return clock.now() - Date.parse(heartbeatAt ?? createdAt) > settings.stallAfterMs;
}

/** Another attempt, with all the clone remembers; or its end, where attempts alone do not help it. */
async function restart(ports: SweeperPorts, record: CloneRecord): Promise<number> {
  const restarts = Number(record.notes?.['restarts'] ?? 0) + 1;
  if (restarts <= MAX_RESTARTS) {
    await newAttempt(ports, record, { restarts });
    return 1;
  }
  const endedAt = new Date(ports.clock.now()).toISOString();
  const error = { code: 'internal_error', message: 'The clone stopped again and again; it can be resumed.' };
  const { restarts: _restarts, ...notes } = record.notes ?? {};
  const failed: CloneRecord = {
    ...record,
    status: 'failed',
    endedAt,
    notes,
    state: { ...record.state, status: 'failed', endedAt, errors: [...record.state.errors, error] },
  };
  await ports.clones.save(failed);
  if (ports.metrics) await countRest(ports.metrics, ports.clones, failed);
  const { cloneId, attempt } = record;
  logOf(ports.log, record).error('clone given up', { cloneId, attempt });
  return 0;
}

async function newAttempt(
  { clones, clock, worker }: SweeperPorts,
  { wish: _wish, ...record }: CloneRecord,
  notes: { restarts?: number },
): Promise<void> {
  const attempt = record.attempt + 1;
  await clones.save({
    ...record,
    status: 'running',
    attempt,
    state: { ...record.state, status: 'running' },
    heartbeatAt: new Date(clock.now()).toISOString(),
    notes: { ...record.notes, ...notes },
  });
  await worker.start(record.cloneId, attempt);
}

/** Asks for each connection that is missing, the first that fails ending it, at longer and longer intervals. */
async function isReady(ports: SweeperPorts, record: CloneRecord): Promise<boolean> {
  if (!(await isDue(ports, record))) return false;
  const account = await ports.accounts.open(record.request.target.account, { rateShare: LOOK_RATE_SHARE });
  for (const { connectionId } of record.state.pendingAuthorizations) {
    if (!(await account.ping(connectionId))) return false;
  }
  return true;
}

/** The mark of the last look lives until the next is due; who sets it looks, whoever else sweeps at the time. */
async function isDue({ records, clock, settings }: SweeperPorts, record: CloneRecord): Promise<boolean> {
  const waited = clock.now() - Date.parse(record.heartbeatAt ?? record.createdAt);
  if (waited < settings.firstLookMs) return false;
  const pauseMs = Math.min(LONGEST_LOOK_MS, Math.max(settings.firstLookMs, waited * LOOK_SHARE));
  const ttlSeconds = pauseMs / 1000;
  const mark = await records.put(LOOKS, record.cloneId, true, { ifVersion: 'absent', ttlSeconds });
  return mark !== undefined;
}
