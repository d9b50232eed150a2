import type { Environment } from '../environment.ts';
import type { ServiceSettings } from '../ports.ts';

const DAY_SECONDS = 86_400;

/** How the functions behind the API behave, as far as a deployment decides it. */
export function settingsOf(environment: Environment): ServiceSettings {
  return {
    syncWaitMs: environment.FLOWFERRY_SYNC_WAIT_MS,
    idempotencyTtlSeconds: environment.FLOWFERRY_IDEMPOTENCY_DAYS * DAY_SECONDS,
    stallAfterMs: environment.FLOWFERRY_STALL_SECONDS * 1000,
    callbacks: environment.FLOWFERRY_CALLBACKS,
    allowLoopbackHttp: environment.FLOWFERRY_ALLOW_LOOPBACK,
  };
}
