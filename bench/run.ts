import { availableParallelism, cpus, totalmem } from 'node:os';
import { drawCharts } from './report/charts.ts';
import { writeReport } from './report/report.ts';
import { type Results, readResults, writeResults } from './results.ts';
import { coldStart } from './scenarios/coldstart.ts';
import { growth } from './scenarios/growth.ts';
import { planning } from './scenarios/planning.ts';
import { policies } from './scenarios/policies.ts';
import { rerun } from './scenarios/rerun.ts';
import { size } from './scenarios/size.ts';
import { workers } from './scenarios/workers.ts';

/**
 * `npm run bench`: every scenario, then the report. `npm run bench -- quick`: small ones, shown and not reported.
 * `npm run bench -- size growth`: these alone; the report keeps what was measured of the others before.
 */
const SCENARIOS = { size, policies, rerun, growth, planning, workers, coldStart } as const;

type Name = keyof typeof SCENARIOS;

const words = process.argv.slice(2);
const quick = words.includes('quick');
const unknown = words.find((word) => word !== 'quick' && !Object.hasOwn(SCENARIOS, word));
if (unknown !== undefined) {
  console.error(`There is no scenario ${unknown}: ${Object.keys(SCENARIOS).join(', ')}, quick.`);
  process.exit(64);
}
const chosen = words.filter((word): word is Name => Object.hasOwn(SCENARIOS, word));
const names = chosen.length > 0 ? chosen : (Object.keys(SCENARIOS) as Name[]);

const results: Results = quick ? {} : readResults();
for (const name of names) {
  console.log(`${name} ...`);
  const rows = await SCENARIOS[name](quick);
  Object.assign(results, { [name]: rows });
  console.table(
    rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, short(value)]))),
  );
  if (!quick) writeResults(results);
}
if (!quick) {
  results.machine = `${availableParallelism()} processors (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;
  writeResults(results);
  drawCharts(results);
  writeReport(results);
}
process.exit(0);

function short(value: unknown): unknown {
  if (Array.isArray(value)) return value.join(' ');
  return typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
}
