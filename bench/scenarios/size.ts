import { floorMs, median } from '../floor.ts';
import { refill, startWorld, type World } from '../world.ts';

/** One size and share, from `POST /clone` to the finished answer. */
export interface SizeRow {
  flows: number;
  rateShare: number;
  wallMs: number;
  bestMs: number;
  floorMs: number;
  sourceCalls: number;
  targetCalls: number;
  rateLimited: number;
  peakMb?: number;
  cpuMs?: number;
  /** What was particular about the measurement. */
  note?: string;
  /** Calls to the target in each second. */
  perSecond: number[];
}

/** How often a small clone is measured; of large ones one run says enough. */
const ROUNDS = 9;

/** Flows that a service has cloned before it is measured: a process that has just started runs at half its pace. */
const WARM_FLOWS = 100;

/** Clones of growing size, by a service that has worked before. */
export async function size(quick: boolean): Promise<SizeRow[]> {
  const rows: SizeRow[] = [];
  for (const flows of quick ? [1, 10, 100] : [1, 10, 100])
    rows.push(await small(flows, flows > 10 ? 3 : ROUNDS));
  if (quick) return rows;
  for (const rateShare of [0.95, 1]) rows.push(await large(1000, rateShare));
  return rows;
}

/** A service that has worked before, and accounts whose buckets are full. */
async function startWarm(flows: number): Promise<World> {
  const world = await startWorld(flows + WARM_FLOWS);
  await world.clone(world.layout.flowIds.slice(flows));
  await refill();
  return world;
}

async function small(flows: number, rounds: number): Promise<SizeRow> {
  const world = await startWarm(flows * rounds);
  const part = (round: number) => world.layout.flowIds.slice(round * flows, (round + 1) * flows);
  const before = await world.usage();
  const walls: number[] = [];
  let last = await world.clone(part(0));
  for (let round = 0; round < rounds; round += 1) {
    if (flows >= 100) await refill();
    if (round > 0) last = await world.clone(part(round));
    if (last.status !== 'succeeded') throw new Error(`the clone ended as ${last.status}`);
    walls.push(last.wallMs);
  }
  const after = await world.usage();
  await world.stop();
  const { source, target } = last.traffic;
  return {
    flows,
    rateShare: 0.95,
    wallMs: median(walls),
    bestMs: Math.min(...walls),
    floorMs: floorMs(flows, last.traffic),
    sourceCalls: source.calls,
    targetCalls: target.calls,
    rateLimited: source.rateLimited + target.rateLimited,
    peakMb: after.peakMb,
    cpuMs: (after.cpuMs - before.cpuMs) / rounds,
    perSecond: target.perSecond,
  };
}

async function large(flows: number, rateShare: number): Promise<SizeRow> {
  const world = await startWarm(flows);
  const before = await world.usage();
  const run = await world.clone(world.layout.flowIds.slice(0, flows), { rateShare });
  const after = await world.usage();
  await world.stop();
  if (run.status !== 'succeeded') throw new Error(`the clone ended as ${run.status}`);
  const { source, target } = run.traffic;
  return {
    flows,
    rateShare,
    wallMs: run.wallMs,
    bestMs: run.wallMs,
    floorMs: floorMs(flows, run.traffic),
    sourceCalls: source.calls,
    targetCalls: target.calls,
    rateLimited: source.rateLimited + target.rateLimited,
    peakMb: after.peakMb,
    cpuMs: after.cpuMs - before.cpuMs,
    perSecond: target.perSecond,
  };
}
