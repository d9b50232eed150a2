import type { Advance, ClonePorts } from '../../core/clone/contract.ts';
import { isFinal } from '../../core/model/clone.ts';
import type { CloneRecord } from '../../core/ports.ts';
import type { RunCarrier } from '../../core/sync/carry.ts';
import { isRunId } from '../../core/sync/names.ts';
import type { Announcer } from '../announce/index.ts';
import { logOf } from '../clone-log.ts';
import { errorFields } from '../http/log.ts';
import type { Metrics } from '../metrics/emf.ts';
import { countRest } from '../metrics/rest.ts';
import type { WorkerEngine } from '../ports.ts';
import type { WorkerEvent } from './event.ts';

/** What every host of the worker needs. */
export interface StepPorts extends ClonePorts {
  engine: WorkerEngine;
  /** Tells others when a clone has come to rest; left out: nobody is told. */
  announcer?: Announcer | undefined;
  /** Carries a sync's run on, where a run's id stands in a clone's place; left out: there are no syncs. */
  runs?: RunCarrier | undefined;
  /** Counts clones that are given up here, as the engine counts those that it brings to rest; left out: nobody counts. */
  metrics?: Metrics | undefined;
  /** How long one step may work before it checks in, in ms. */
  stepMs: number;
}

/** How old a sign of life may grow, ms, while a clone waits: well below what the sweeper takes for silence. */
const SIGN_OF_LIFE_MS = 30_000;

/** One bounded piece of work on a clone, unless it is gone or a newer attempt has it. */
export async function advanceOnce(ports: StepPorts, { cloneId, attempt }: WorkerEvent): Promise<Advance> {
  if (ports.runs && isRunId(cloneId)) return advanceRunOnce(ports, ports.runs, { cloneId, attempt });
  const record = await ports.clones.get(cloneId);
  if (record === undefined) return { next: 'stop', status: 'removed' };
  if (record.attempt !== attempt) return { next: 'stop', status: 'superseded' };
  const log = logOf(ports.log, record);
  try {
    const advance = await ports.engine.advance({ ...ports, log }, cloneId, ports.stepMs);
    if (advance.next === 'later') await showAlive(ports, { cloneId, attempt });
    return advance;
  } catch (error) {
    log.warn('step failed', { cloneId, attempt, ...errorFields(error) });
    throw error;
  }
}

/** A clone that waits, for a job or for another clone, is no lost one: the sweeper must see that. */
async function showAlive({ clones, clock }: StepPorts, { cloneId, attempt }: WorkerEvent): Promise<void> {
  const record = await clones.get(cloneId);
  if (record === undefined || record.attempt !== attempt || record.status !== 'running') return;
  const lastSign = Date.parse(record.heartbeatAt ?? record.createdAt);
  if (clock.now() - lastSign < SIGN_OF_LIFE_MS) return;
  await clones.save({ ...record, heartbeatAt: new Date(clock.now()).toISOString() });
}

async function advanceRunOnce(
  { log, stepMs }: StepPorts,
  runs: RunCarrier,
  { cloneId: runId, attempt }: WorkerEvent,
): Promise<Advance> {
  try {
    return await runs.advance({ runId, attempt }, stepMs);
  } catch (error) {
    log.warn('step of a sync failed', { runId, attempt, ...errorFields(error) });
    throw error;
  }
}

/** A clone must not look as if it ran when nobody carries it on. It can be resumed. */
export async function markFailed(
  { clones, clock, log, runs, metrics }: StepPorts,
  { cloneId, attempt }: WorkerEvent,
): Promise<string> {
  if (runs && isRunId(cloneId)) {
    log.error('sync run stopped', { runId: cloneId, attempt });
    return runs.giveUp({ runId: cloneId, attempt });
  }
  const record = await clones.get(cloneId);
  if (record === undefined || record.attempt !== attempt) return 'superseded';
  // It came to rest, and what failed was to tell of it.
  if (isFinal(record.status) || record.status === 'waiting') return record.status;
  const endedAt = new Date(clock.now()).toISOString();
  const error = {
    code: 'internal_error',
    message: 'The clone stopped for a reason on our side; it can be resumed.',
  };
  const failed: CloneRecord = {
    ...record,
    status: 'failed',
    endedAt,
    state: { ...record.state, status: 'failed', endedAt, errors: [...record.state.errors, error] },
  };
  await clones.save(failed);
  // Only by who stored the end: another try of this finds the clone at rest.
  if (metrics) await countRest(metrics, clones, failed);
  logOf(log, record).error('clone stopped', { cloneId, attempt });
  return 'failed';
}
