import { superseded } from '../model/lease.ts';
import type { Clock, CloneRecord, Lease } from '../ports.ts';
import type { ClonePorts } from './contract.ts';
import { refreshed, type Session } from './session.ts';

/** How often a clone says that it is alive, and looks whether somebody wants it to stop, in ms. */
const BEAT_MS = 1_000;

/** How often a record is saved while its clone only reads, in beats: well below what the sweeper takes for silence. */
const BEATS_A_SIGN = 30;

/** What the heartbeat found while work went on. */
export interface Heartbeat {
  wish: () => 'cancel' | 'rollback' | undefined;
  /** Why the work must stop at once, if it must. */
  failure: () => unknown;
  stop: () => Promise<void>;
}

/** Keeps the lease and the record fresh while a clone works. */
export function startHeartbeat(ports: ClonePorts, session: Session): Heartbeat {
  let wish: 'cancel' | 'rollback' | undefined;
  const pulse = startPulse(ports.clock, async () => {
    wish = (await ownRecord(ports, session.record)).wish;
    await session.lease.renew();
    session.record = refreshed(session, ports.clock.now());
    await ports.clones.save(session.record);
  });
  return { wish: () => wish, ...pulse };
}

/** Does a piece of a clone's work with its heart beating. */
export async function alive<T>(ports: ClonePorts, session: Session, work: () => Promise<T>): Promise<T> {
  const heartbeat = startHeartbeat(ports, session);
  let result: T;
  try {
    result = await work();
  } finally {
    await heartbeat.stop();
  }
  if (heartbeat.failure() !== undefined) throw heartbeat.failure();
  return result;
}

/** Keeps a lease while nothing is written under it yet, and shows now and then that the clone is alive. */
export function keepLease(ports: ClonePorts, record: CloneRecord, lease: Lease): Omit<Heartbeat, 'wish'> {
  let beats = 0;
  return startPulse(ports.clock, async () => {
    await lease.renew();
    beats += 1;
    if (beats % BEATS_A_SIGN !== 0) return;
    const stored = await ownRecord(ports, record);
    await ports.clones.save({ ...stored, heartbeatAt: new Date(ports.clock.now()).toISOString() });
  });
}

/** The record as it is stored, unless a newer attempt has it (`superseded`). */
async function ownRecord({ clones }: ClonePorts, { cloneId, attempt }: CloneRecord): Promise<CloneRecord> {
  const stored = await clones.get(cloneId);
  if (stored?.attempt === attempt) return stored;
  throw superseded(cloneId);
}

/** Does something again and again until it is stopped or fails. */
function startPulse(clock: Clock, beat: () => Promise<void>): Omit<Heartbeat, 'wish'> {
  const ended = new AbortController();
  let failure: unknown;
  const running = (async () => {
    while (!ended.signal.aborted && failure === undefined) {
      try {
        await clock.sleep(BEAT_MS, ended.signal);
      } catch {
        return;
      }
      try {
        await beat();
      } catch (error) {
        failure = error;
      }
    }
  })();
  return {
    failure: () => failure,
    stop: async () => {
      ended.abort();
      await running;
    },
  };
}
