import type { ServicePorts } from '../ports.ts';

/** What `POST /clone` needs. */
export type CloneDoorPorts = Pick<
  ServicePorts,
  | 'accounts'
  | 'bindings'
  | 'clock'
  | 'clones'
  | 'engine'
  | 'idempotency'
  | 'keyLimiter'
  | 'keys'
  | 'ledger'
  | 'log'
  | 'newCloneId'
  | 'settings'
  | 'worker'
>;
