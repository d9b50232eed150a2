import type { ClonePorts } from '../../core/clone/contract.ts';
import type { RunCarrier } from '../../core/sync/carry.ts';
import type { Environment } from '../environment.ts';
import { meteredAccounts } from '../metrics/accounts.ts';
import { createMetrics } from '../metrics/emf.ts';
import { meteredEngine } from '../metrics/engine.ts';
import type { WorkerEngine } from '../ports.ts';

/** What makes a worker's parts write metrics. */
interface Meter {
  /** The same ports, over accounts whose calls are counted. */
  readonly ports: ClonePorts;
  engine(engine: WorkerEngine): WorkerEngine;
  runs(runs: RunCarrier): RunCarrier;
}

/**
 * Metrics to stdout, where CloudWatch finds them in the log; nothing changes where the deployment wants none. They go
 * past the console, which Lambda wraps in lines of its own: CloudWatch would not know ours again.
 */
export function meterOf({ FLOWFERRY_METRICS: wanted }: Environment, ports: ClonePorts): Meter {
  if (wanted === 'off') return { ports, engine: (engine) => engine, runs: (runs) => runs };
  const metrics = createMetrics({ clock: ports.clock, write: (line) => void process.stdout.write(line) });
  const accounts = meteredAccounts(ports.accounts, { metrics, bySeries: wanted === 'by-account' });
  return {
    ports: { ...ports, accounts },
    engine: (engine) => meteredEngine(engine, { metrics, accounts }),
    runs: (runs) => ({
      ...runs,
      advance: async (job, budgetMs) => {
        try {
          return await runs.advance(job, budgetMs);
        } finally {
          accounts.flush();
        }
      },
    }),
  };
}
