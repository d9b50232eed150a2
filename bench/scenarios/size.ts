import { floorMs, median } from '../floor.ts';
import { TENANTS } from '../key.ts';
import { type CloneRun, refill, startWorld, type World } from '../world.ts';

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

/** How often a small clone is measured. */
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

/** The same flows into one account after another: a service that has done such work before. */
async function large(flows: number, rateShare: number): Promise<SizeRow> {
  const world = await startWarm(flows);
  const flowIds = world.layout.flowIds.slice(0, flows);
  const before = await world.usage();
  const runs: CloneRun[] = [];
  for (const tenant of TENANTS) {
    if (runs.length > 0) await refill();
    const run = await world.clone(flowIds, { rateShare }, tenant);
    if (run.status !== 'succeeded') throw new Error(`the clone ended as ${run.status}`);
    console.log(`  ${flows} flows, share ${rateShare}: ${Math.round(run.wallMs)} ms`);
    runs.push(run);
  }
  const after = await world.usage();
  await world.stop();
  const walls = runs.map(({ wallMs }) => wallMs);
  const middle = runs.find(({ wallMs }) => wallMs === median(walls)) as CloneRun;
  const { source, target } = middle.traffic;
  return {
    flows,
    rateShare,
    wallMs: middle.wallMs,
    bestMs: Math.min(...walls),
    floorMs: floorMs(flows, middle.traffic),
    sourceCalls: source.calls,
    targetCalls: target.calls,
    rateLimited: runs.reduce(
      (sum, { traffic }) => sum + traffic.source.rateLimited + traffic.target.rateLimited,
      0,
    ),
    peakMb: after.peakMb,
    cpuMs: (after.cpuMs - before.cpuMs) / runs.length,
    perSecond: target.perSecond,
  };
}
