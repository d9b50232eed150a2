import {
  createIntegratorClient,
  type IntegratorClient,
  type IntegratorClientOptions,
} from '../../../adapters/integrator/index.ts';
import { HastyClock } from './fakeClock.ts';
import type { ScriptedServer } from './scriptedServer.ts';

export const TOKEN = 'planted-token-5f1c';

/** A client of a scripted server, for which waiting takes no time. */
export function clientFor(
  server: ScriptedServer,
  options: Partial<IntegratorClientOptions> = {},
): { client: IntegratorClient; clock: HastyClock } {
  const clock = new HastyClock();
  const client = createIntegratorClient({
    token: TOKEN,
    baseUrl: server.url,
    allowLoopbackHttp: true,
    clock,
    random: () => 0.5,
    ...options,
  });
  return { client, clock };
}

/** What a promise was rejected with. */
export async function rejectionOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => {
      throw new Error('it was expected to fail');
    },
    (error: unknown) => error,
  );
}
