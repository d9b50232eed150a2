import type { Advance, CloneEngine, ClonePorts } from '../../core/clone/index.ts';
import type { WorkerStarter } from '../../core/ports.ts';

/** How long one piece of work may take before the clone looks around, ms. */
const STEP_MS = 60_000;

/** Tries of one step that fails for a reason of our own, and the pause before the next, which doubles. */
const TRIES = 5;
const FIRST_PAUSE_MS = 250;

/** The worker within this process. */
export interface OwnWorker extends WorkerStarter {
  /** Whether it carries anything on just now. */
  isBusy(): boolean;
  /** Begins nothing new; resolves once the steps under way have ended. */
  stop(): Promise<void>;
}

/**
 * Carries clones on within this process, step by step as the deployed worker does. What it does is in the stores:
 * after a kill a resumed clone goes on where it was.
 */
export function createOwnWorker(ports: ClonePorts, engine: Pick<CloneEngine, 'advance'>): OwnWorker {
  const running = new Set<Promise<void>>();
  const stopped = new AbortController();

  const pause = (ms: number): Promise<void> => ports.clock.sleep(ms, stopped.signal).catch(() => undefined);

  /** A clone that is gone, or that a newer attempt has, is nobody's of ours. */
  const step = async (cloneId: string, attempt: number): Promise<Advance> => {
    const record = await ports.clones.get(cloneId);
    if (record?.attempt !== attempt) return { next: 'stop', status: 'superseded' };
    return engine.advance(ports, cloneId, STEP_MS);
  };

  const carryOn = async (cloneId: string, attempt: number): Promise<void> => {
    for (let failures = 0; !stopped.signal.aborted; ) {
      try {
        const advance = await step(cloneId, attempt);
        if (advance.next === 'stop') return;
        failures = 0;
        if (advance.next === 'later') await pause(advance.seconds * 1000);
      } catch (error) {
        failures += 1;
        ports.log.warn('step failed', { cloneId, error: error instanceof Error ? error.name : 'unknown' });
        if (failures === TRIES) return markFailed(ports, cloneId, attempt);
        await pause(FIRST_PAUSE_MS * 2 ** failures);
      }
    }
  };

  return {
    start: async (cloneId, attempt) => {
      // What can't even be marked as failed has a store that is gone: the next command finds the clone as it was.
      const work = carryOn(cloneId, attempt).catch(() => undefined);
      running.add(work);
      void work.then(() => running.delete(work));
    },
    isBusy: () => running.size > 0,
    stop: async () => {
      stopped.abort();
      await Promise.all(running);
    },
  };
}

/** A clone must not look as if it ran when nobody carries it on. */
async function markFailed({ clones, clock }: ClonePorts, cloneId: string, attempt: number): Promise<void> {
  const record = await clones.get(cloneId);
  if (record?.attempt !== attempt) return;
  const endedAt = new Date(clock.now()).toISOString();
  const error = {
    code: 'internal_error',
    message: 'The clone stopped for a reason on our side; it can be resumed.',
  };
  const state = {
    ...record.state,
    status: 'failed' as const,
    endedAt,
    errors: [...record.state.errors, error],
  };
  await clones.save({ ...record, status: 'failed', endedAt, state });
}
