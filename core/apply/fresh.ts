import { codeOf } from '../model/problem.ts';
import type { Clock } from '../ports.ts';

/** Pauses before integrator.io is asked again for what was made a moment ago, ms: not all of its machines may know it. */
const PAUSES_MS = [100, 300, 900];

/** Asks for an object that is known to have been made; `undefined` when it is still not there after a while. */
export async function untilThere<T>(clock: Clock, ask: () => Promise<T | undefined>): Promise<T | undefined> {
  for (const pause of PAUSES_MS) {
    const found = await ask();
    if (found !== undefined) return found;
    await clock.sleep(pause);
  }
  return ask();
}

/** Writes to an object that is known to have been made. Throws `not_found` when it is still not there after a while. */
export async function untilTaken<T>(clock: Clock, write: () => Promise<T>): Promise<T> {
  const attempt = async (): Promise<{ value: T } | undefined> => {
    try {
      return { value: await write() };
    } catch (error) {
      if (codeOf(error) !== 'not_found') throw error;
      return undefined;
    }
  };
  const taken = await untilThere(clock, attempt);
  return taken === undefined ? write() : taken.value;
}
