import {
  createIntegratorClient,
  type IntegratorClient,
  type IntegratorClientOptions,
  openAccount,
} from '../../../adapters/integrator/index.ts';
import type { Account } from '../../../core/ports.ts';
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

/** The account "acme" of a scripted server, for which waiting takes no time. */
export function accountFor(server: ScriptedServer, options: Partial<IntegratorClientOptions> = {}): Account {
  return openAccount({
    token: TOKEN,
    region: 'eu',
    baseUrl: server.url,
    allowLoopbackHttp: true,
    clock: new HastyClock(),
    ...options,
    name: 'acme',
  });
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
