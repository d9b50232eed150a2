import type { ClonePorts } from './contract.ts';
import { refreshed, type Session, superseded } from './session.ts';

/** How often a clone says that it is alive, and looks whether somebody wants it to stop, in ms. */
const BEAT_MS = 1_000;

/** What the heartbeat found while work went on. */
export interface Heartbeat {
  wish: () => 'cancel' | 'rollback' | undefined;
  /** Why the work must stop at once, if it must. */
  failure: () => unknown;
  stop: () => Promise<void>;
}

/** Keeps the lease and the record fresh while a clone works. */
export function startHeartbeat(ports: ClonePorts, session: Session): Heartbeat {
  const ended = new AbortController();
  let wish: 'cancel' | 'rollback' | undefined;
  let failure: unknown;
  const beat = async (): Promise<void> => {
    const stored = await ports.clones.get(session.record.cloneId);
    if (!stored || stored.attempt !== session.record.attempt) throw superseded(session.record.cloneId);
    wish = stored.wish;
    await session.lease.renew();
    session.record = refreshed(session, ports.clock.now());
    await ports.clones.save(session.record);
  };
  const running = (async () => {
    while (!ended.signal.aborted && failure === undefined) {
      try {
        await ports.clock.sleep(BEAT_MS, ended.signal);
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
    wish: () => wish,
    failure: () => failure,
    stop: async () => {
      ended.abort();
      await running;
    },
  };
}
