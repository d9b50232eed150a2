import { systemClock } from '../../../adapters/integrator/system-clock.ts';
import {
  createMemoryBindingStore,
  createMemoryCloneStore,
  createMemoryLedger,
} from '../../../adapters/memory/index.ts';
import type { ClonePorts } from '../../../core/clone/contract.ts';
import { cloneRequest } from '../../../core/model/request.ts';
import type { CloneRecord } from '../../../core/ports.ts';

/** Ports over stores in memory, without accounts. */
export function silentPorts(): ClonePorts {
  const clock = systemClock;
  const quiet = () => {};
  return {
    accounts: { open: () => Promise.reject(new Error('No account is needed here')) },
    ledger: createMemoryLedger({ clock, takeOverMs: 20 }),
    clones: createMemoryCloneStore({ clock }),
    bindings: createMemoryBindingStore(),
    clock,
    log: { info: quiet, warn: quiet, error: quiet },
  };
}

/** A clone that was just stored. */
export function newRecord(cloneId: string): CloneRecord {
  const createdAt = '2026-01-01T00:00:00.000Z';
  return {
    cloneId,
    createdAt,
    status: 'running',
    attempt: 1,
    request: cloneRequest.parse({
      source: { account: 'blueprint', flowIds: ['5f0000000000000000000001'] },
      target: { account: 'acme' },
    }),
    state: {
      cloneId,
      createdAt,
      status: 'running',
      source: { account: 'blueprint' },
      target: { account: 'acme' },
      warnings: [],
      errors: [],
      progress: { stage: 'reading', done: 0, pending: 0 },
      pendingAuthorizations: [],
      stats: { apiCalls: { source: 0, target: 0 }, retries: 0, rateLimited: 0, durationMs: 0 },
    },
  };
}
