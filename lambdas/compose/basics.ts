import { systemClock } from '../../adapters/integrator/system-clock.ts';
import type { Clock, Log } from '../../core/ports.ts';
import type { Environment } from '../environment.ts';
import { createLog } from '../http/log.ts';

/** A service of AWS that does not answer must not take a function's whole time. In ms. */
export const requestHandler = { connectionTimeout: 2_000, requestTimeout: 10_000 };

/** What every function has. */
export function basics({ FLOWFERRY_LOG_LEVEL: level }: Environment): { clock: Clock; log: Log } {
  return { clock: systemClock, log: createLog({ service: 'flowferry', level }) };
}
