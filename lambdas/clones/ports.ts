import type { Engine, ServicePorts, ServiceSettings } from '../ports.ts';

/** What telling of clones, and wishing for them, needs. No account is opened, so nothing that could open one. */
export interface ClonesPorts
  extends Pick<ServicePorts, 'clock' | 'clones' | 'keyLimiter' | 'keys' | 'log' | 'worker'> {
  engine: Pick<Engine, 'reportOf' | 'actionsPage'>;
  settings: Pick<ServiceSettings, 'stallAfterMs'>;
}
