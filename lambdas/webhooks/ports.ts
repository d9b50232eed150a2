import type { Engine, ServicePorts, ServiceSettings } from '../ports.ts';

/** What taking deliveries needs. No account is opened, so nothing that could open one. */
export interface WebhooksPorts
  extends Pick<ServicePorts, 'clock' | 'clones' | 'hookLimiter' | 'hooks' | 'log' | 'records' | 'worker'> {
  engine: Pick<Engine, 'newCloneRecord'>;
  settings: Pick<ServiceSettings, 'allowLoopbackHttp' | 'callbacks'>;
}
