import { startChild } from '../processes/child.ts';
import { LATENCY_MS, startGround, type Traffic } from '../world.ts';

/** Calls that some workers made to one account together. */
export interface WorkersRow {
  workers: number;
  calls: number;
  rateLimited: number;
  spanMs: number;
  /** Calls a second once the burst was used. */
  perSecond: number;
  /** The most that the bucket would have let through in that time. */
  most: number;
}

/** One worker on an account, and two in processes of their own that share its bucket through the table. */
export async function workers(quick: boolean): Promise<WorkersRow[]> {
  const calls = quick ? 1600 : 4000;
  return [await together(1, calls), await together(2, calls)];
}

async function together(count: number, calls: number): Promise<WorkersRow> {
  const ground = await startGround({ flows: 1, latencyMs: LATENCY_MS, bucket: undefined });
  const { sandbox, table, sandboxUrl, tableUrl } = ground;
  const callers = Array.from({ length: count }, () => startChild('./caller.ts'));
  const share = { sandboxUrl, tableUrl, calls: calls / count };
  await Promise.all(callers.map((caller) => caller.ask('run', share)));
  const { target } = await sandbox.ask<Traffic>('asked');
  await Promise.all([sandbox.stop(), table.stop(), ...callers.map((caller) => caller.stop())]);
  const seconds = target.spanMs / 1000;
  return {
    workers: count,
    calls: target.calls,
    rateLimited: target.rateLimited,
    spanMs: target.spanMs,
    perSecond: (target.calls - 1000) / seconds,
    most: 1000 + 300 * seconds,
  };
}
