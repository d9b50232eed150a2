import type { ClonePorts } from '../../core/clone/contract.ts';
import type { Clock } from '../../core/ports.ts';
import type { RunCarrier } from '../../core/sync/carry.ts';
import type { Environment } from '../environment.ts';
import { meteredAccounts } from '../metrics/accounts.ts';
import { createMetrics, type Metrics } from '../metrics/emf.ts';
import { meteredEngine } from '../metrics/engine.ts';
import type { WorkerEngine } from '../ports.ts';

/** What makes a worker's parts write metrics. */
interface Meter {
  /** The same ports, over accounts whose calls are counted. */
  readonly ports: ClonePorts;
  /** For what is counted outside of the engine; `undefined`: the deployment wants no metrics. */
  readonly metrics: Metrics | undefined;
  engine(engine: WorkerEngine): WorkerEngine;
  runs(runs: RunCarrier): RunCarrier;
}

/**
 * Metrics to stdout, where CloudWatch finds them in the log; `undefined` where the deployment wants none. They go
 * past the console, which Lambda wraps in lines of its own: CloudWatch would not know ours again.
 */
export function metricsOf({ FLOWFERRY_METRICS: wanted }: Environment, clock: Clock): Metrics | undefined {
  if (wanted === 'off') return undefined;
  return createMetrics({ clock, write: (line) => void process.stdout.write(line) });
}

/** Parts that write metrics; the same parts as they were where the deployment wants none. */
export function meterOf(environment: Environment, ports: ClonePorts): Meter {
  const { FLOWFERRY_METRICS: wanted } = environment;
  const metrics = metricsOf(environment, ports.clock);
  if (metrics === undefined) return { ports, metrics, engine: (engine) => engine, runs: (runs) => runs };
  const accounts = meteredAccounts(ports.accounts, { metrics, bySeries: wanted === 'by-account' });
  return {
    ports: { ...ports, accounts },
    metrics,
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
