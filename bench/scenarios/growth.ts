import { layoutOf, OBJECTS_PER_FLOW } from '../blueprint.ts';
import { startChild } from '../processes/child.ts';
import type { EngineRun } from '../processes/engine.ts';
import { startGround } from '../world.ts';

/** What our own work costs at one size. */
export interface GrowthRow {
  flows: number;
  cpuMsPerObject: number;
  peakMb: number;
  wallMs: number;
  tableCallsPerObject: number;
  ledger: 'table' | 'memory';
  /** What was particular about the measurement. */
  note?: string;
}

/**
 * The heap of a worker of 512 MB. Without a limit most of what it holds is garbage not yet collected; and with a limit
 * alone there is so little room for young objects that they are taken for old ones, and the collector never rests.
 */
export const HEAP_FLAGS = ['--max-old-space-size=216', '--max-semi-space-size=32'];

/** Clones without latency and without a limit: what is left is our own work, and how it grows. */
export async function growth(quick: boolean): Promise<GrowthRow[]> {
  const rows: GrowthRow[] = [];
  for (const flows of quick ? [100] : [100, 1000, 10_000]) rows.push(await grown(flows, 'table'));
  rows.push(await grown(quick ? 100 : 1000, 'memory'));
  return rows;
}

async function grown(flows: number, ledger: 'table' | 'memory'): Promise<GrowthRow> {
  const ground = await startGround({ flows, latencyMs: 0, bucket: 'unlimited' });
  const { sandbox, table, sandboxUrl, tableUrl } = ground;
  const engine = startChild('./engine.ts', ledger === 'table' ? { execArgv: HEAP_FLAGS } : {});
  await engine.ask('start', {
    sandboxUrl,
    unlimited: true,
    ...(ledger === 'table' ? { tableUrl } : {}),
  });
  const layout = layoutOf(flows);
  const run = await engine.ask<EngineRun>('clone', {
    source: { account: 'blueprint', integrationIds: [layout.sourceIntegrationId] },
    target: { account: 'tenant', integrationId: layout.targetIntegrationId },
    connectionMap: layout.connectionMap,
  });
  await Promise.all([sandbox.stop(), table.stop(), engine.stop()]);
  if (run.state.status !== 'succeeded') throw new Error(`the clone ended as ${run.state.status}`);
  const objects = flows * OBJECTS_PER_FLOW;
  return {
    flows,
    cpuMsPerObject: (run.after.cpuMs - run.before.cpuMs) / objects,
    peakMb: run.after.peakMb,
    wallMs: run.wallMs,
    tableCallsPerObject: run.tableCalls / objects,
    ledger,
  };
}
