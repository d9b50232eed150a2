import { createMemoryLedger } from '../../../adapters/memory/index.ts';
import { type Advance, createCloneEngine } from '../../../core/clone/index.ts';
import type { Clock } from '../../../core/ports.ts';
import type { Call, SandboxOptions } from '../../../sandbox/index.ts';
import { FakeClock } from '../../adapters/integrator/fakeClock.ts';
import { account, type Documents, startWorld, type World } from './world.ts';

/** A process that carries clones on: what it remembers of them is its own. */
export type Worker = (cloneId: string, budgetMs?: number) => Promise<Advance>;

/** A world for workers that meet. */
export interface StillWorld extends World {
  clock: FakeClock;
  worker(): Worker;
  /** Resolves when somebody has taken a lease. */
  leased: Promise<void>;
  /** How many exports, imports and flows the target holds. */
  copies(): Record<string, number>;
}

/**
 * Starts a world in which time stands still, unless a worker watches whether another one keeps its lease, which takes
 * as long as it takes, or a test lets time pass.
 */
export async function startStill(
  sandbox: SandboxOptions = {},
  documents: Documents = account(),
): Promise<StillWorld> {
  const clock = new FakeClock();
  const { now, monotonic } = clock;
  const memory = createMemoryLedger({ clock: { now, monotonic, sleep: (ms) => clock.advance(ms) } });
  const leased = Promise.withResolvers<void>();
  const ledger: typeof memory = {
    ...memory,
    acquire: async (pair, cloneId) => {
      const lease = await memory.acquire(pair, cloneId);
      leased.resolve();
      return lease;
    },
  };
  const sleep: Clock['sleep'] = async (ms, signal) => (ms > 0 ? clock.sleep(ms, signal) : undefined);
  const world = await startWorld(documents, {}, sandbox, { clock: { now, monotonic, sleep }, ledger });
  return {
    ...world,
    clock,
    worker: () => {
      const engine = createCloneEngine({ adoptionWaitMs: 0 });
      return (cloneId, budgetMs = 60_000) => engine.advance(world.ports, cloneId, budgetMs);
    },
    leased: leased.promise,
    copies: () => {
      const count = (collection: string): [string, number] => [collection, world.target(collection).length];
      return Object.fromEntries(['exports', 'imports', 'flows'].map(count));
    },
  };
}

/** Holds back the answer to the first call that matches, until it is let go. */
export class HeldCall {
  readonly #matches: (call: Call) => boolean;
  readonly #arrived = Promise.withResolvers<void>();
  readonly #free = Promise.withResolvers<void>();
  #isSeen = false;

  constructor(matches: (call: Call) => boolean) {
    this.#matches = matches;
  }

  /** Resolves when the call has come in, and its work is done. */
  get arrived(): Promise<void> {
    return this.#arrived.promise;
  }

  letGo(): void {
    this.#free.resolve();
  }

  onCall = async (call: Call, phase: 'before' | 'after'): Promise<void> => {
    if (phase === 'before' || this.#isSeen || !this.#matches(call)) return;
    this.#isSeen = true;
    this.#arrived.resolve();
    await this.#free.promise;
  };
}
