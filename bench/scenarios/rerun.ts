import { refill, startWorld } from '../world.ts';

/** A clone of what was cloned before. */
export interface RerunRow {
  what: string;
  flows: number;
  wallMs: number;
  calls: number;
  writes: number;
  rateLimited: number;
}

/** Clones again: nothing changed, one in a hundred changed, and unchanged after the copies were enabled. */
export async function rerun(quick: boolean): Promise<RerunRow[]> {
  const flows = quick ? 100 : 1000;
  const world = await startWorld(flows);
  const rows: RerunRow[] = [];
  const again = async (what: string, options: object = {}): Promise<void> => {
    await refill();
    const { wallMs, status, traffic } = await world.clone(world.layout.flowIds, options);
    if (status !== 'succeeded') throw new Error(`the clone ended as ${status}`);
    rows.push({
      what,
      flows,
      wallMs,
      calls: traffic.source.calls + traffic.target.calls,
      writes: traffic.target.writes,
      rateLimited: traffic.source.rateLimited + traffic.target.rateLimited,
    });
  };
  await again('first');
  await again('nothing changed');
  await world.sandbox.ask('change', 0.01);
  await again('one export in a hundred changed');
  await again('the copies enabled', { activate: true });
  await again('nothing changed since they were enabled', { activate: true });
  await world.stop();
  return rows;
}
