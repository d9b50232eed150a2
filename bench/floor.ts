import { OBJECTS_PER_FLOW, READ_CHAIN, WRITE_CHAIN } from './blueprint.ts';
import { LATENCY_MS, type Traffic } from './world.ts';

const BURST = 1000;
const RATE = 300;

/** The longest chain of needs: what no number of calls at a time makes shorter, in ms. */
export const CHAIN_MS = (READ_CHAIN + WRITE_CHAIN) * LATENCY_MS;

/**
 * The least time a clone can take, in ms: the source's reads at the bucket's rate and then the target's writes, since
 * a plan must be whole before the first write; or the chain times the latency, whichever is more.
 */
export function floorMs(flows: number, { source }: Pick<Traffic, 'source'>): number {
  const reads = Math.max(0, source.calls - BURST) / RATE;
  const writes = Math.max(0, flows * OBJECTS_PER_FLOW - BURST) / RATE;
  return Math.max((reads + writes) * 1000, CHAIN_MS);
}

/** The middle of a list of numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
