import { availableParallelism, cpus, totalmem } from 'node:os';
import { sectionOf, writeSyncReport } from './report/sync.ts';
import { measureSync, type SyncSizes } from './scenarios/sync.ts';
import { keepSyncResult } from './sync-results.ts';

/**
 * `npm run bench:sync`: what a sync of one blueprint into many tenants takes, then the report in `docs`.
 * `npm run bench:sync -- quick`: a small one, shown and not reported. `FLOWFERRY_BENCH_TENANTS`, `_FLOWS`,
 * `_CONCURRENCY`, `_LATENCY_MS` and `_SEPARATE` name one other world: the report keeps what was measured of others.
 */
const SMALL: SyncSizes = { flows: 10, tenants: 100, concurrency: 5, latencyMs: 20, separate: 3 };
const WORLDS: readonly SyncSizes[] = [
  SMALL,
  // What is compared with does not depend on the concurrency: once is enough.
  { ...SMALL, concurrency: 20, separate: 0 },
  { ...SMALL, flows: 50, concurrency: 20, separate: 1 },
];
const QUICK: SyncSizes = { flows: 5, tenants: 6, concurrency: 5, latencyMs: 20, separate: 1 };

const NAMES = {
  tenants: 'FLOWFERRY_BENCH_TENANTS',
  flows: 'FLOWFERRY_BENCH_FLOWS',
  concurrency: 'FLOWFERRY_BENCH_CONCURRENCY',
  latencyMs: 'FLOWFERRY_BENCH_LATENCY_MS',
  separate: 'FLOWFERRY_BENCH_SEPARATE',
} as const;

/** The sizes that the environment names; `undefined` where it names none. */
function sizesOf(env: NodeJS.ProcessEnv): SyncSizes | undefined {
  const sizes = { ...SMALL };
  let isNamed = false;
  for (const [size, name] of Object.entries(NAMES) as [keyof SyncSizes, string][]) {
    const text = env[name];
    if (text === undefined) continue;
    if (!/^\d{1,6}$/.test(text)) throw new Error(`${name} must be a whole number`);
    sizes[size] = Number(text);
    isNamed = true;
  }
  return isNamed ? sizes : undefined;
}

const words = process.argv.slice(2);
if (words.some((word) => word !== 'quick')) {
  console.error('The only word known is quick.');
  process.exit(64);
}
const isQuick = words.includes('quick');
const own = isQuick ? QUICK : sizesOf(process.env);
const machine = `${availableParallelism()} processors (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;
for (const sizes of own === undefined ? WORLDS : [own]) {
  console.error(`${sizes.tenants} tenants, ${sizes.flows} flows, concurrency ${sizes.concurrency} ...`);
  const result = await measureSync(sizes, ({ name, wallMs, cpuMs, counts }) => {
    const [wall, cpu] = [Math.round(wallMs), Math.round(cpuMs)];
    console.error(`  ${name}: ${wall} ms, ${cpu} ms of a processor`, JSON.stringify(counts));
  });
  console.log(sectionOf(result));
  if (!isQuick) writeSyncReport(keepSyncResult(result, machine));
}
process.exit(0);
