import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { systemClock } from '../../adapters/integrator/system-clock.ts';
import { createHookStore } from '../../adapters/secrets/hook-store.ts';
import type { Environment } from '../environment.ts';
import type { HookStore } from '../ports.ts';

/** A hook that was changed is believed at most this long as it was, in ms. */
const HOOK_TTL_MS = 60_000;

/** The hooks, by the secrets that describe them. */
export function hooksOf(environment: Environment, client: SecretsManagerClient): HookStore {
  const ttlMs = Math.min(HOOK_TTL_MS, environment.FLOWFERRY_SECRET_TTL_SECONDS * 1000);
  return createHookStore({ client, clock: systemClock, ttlMs });
}
