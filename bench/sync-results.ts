import { readFileSync, writeFileSync } from 'node:fs';
import type { SyncResult, SyncSizes } from './scenarios/sync.ts';

/** What was measured of syncs: one result for each size. */
export interface SyncResults {
  machine: string;
  worlds: SyncResult[];
}

const FILE = new URL('./sync-results.json', import.meta.url);

/** The results of earlier runs. */
export function readSyncResults(): SyncResults {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8')) as SyncResults;
  } catch {
    return { machine: 'unknown', worlds: [] };
  }
}

/** Keeps one result, in the place of an earlier one of the same size. */
export function keepSyncResult(result: SyncResult, machine: string): SyncResults {
  const { worlds } = readSyncResults();
  const others = worlds.filter(({ sizes }) => keyOf(sizes) !== keyOf(result.sizes));
  const results = { machine, worlds: [...others, result].sort(bySize) };
  writeFileSync(FILE, `${JSON.stringify(results, null, 2)}\n`);
  return results;
}

function keyOf({ tenants, flows, concurrency, latencyMs }: SyncSizes): string {
  return [tenants, flows, concurrency, latencyMs].join();
}

function bySize({ sizes: one }: SyncResult, { sizes: other }: SyncResult): number {
  return one.flows - other.flows || one.tenants - other.tenants || one.concurrency - other.concurrency;
}
