import { layoutOf } from '../blueprint.ts';
import { startChild } from '../processes/child.ts';

/** What a dry run costs at one size. */
export interface PlanningRow {
  flows: number;
  readCpuMs: number;
  planCpuMs: number;
}

/** Takes in documents that are in memory already and plans: how planning grows, without any call. */
export async function planning(quick: boolean): Promise<PlanningRow[]> {
  const rows: PlanningRow[] = [];
  for (const flows of quick ? [100, 1000] : [100, 1000, 10_000]) {
    const child = startChild('./planner.ts');
    await child.ask('plan', { flows: 100, layout: layoutOf(100) });
    const { readCpuMs, planCpuMs } = await child.ask<Omit<PlanningRow, 'flows'>>('plan', {
      flows,
      layout: layoutOf(flows),
    });
    await child.stop();
    rows.push({ flows, readCpuMs, planCpuMs });
  }
  return rows;
}
