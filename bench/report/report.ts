import { writeFileSync } from 'node:fs';
import type { Results } from '../results.ts';
import { HEAP_FLAGS } from '../scenarios/growth.ts';
import { table } from './table.ts';

const FILE = new URL('../../docs/benchmarks.md', import.meta.url);

const seconds = (ms: number): string => (ms / 1000).toFixed(ms < 10_000 ? 2 : 1);
const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Writes the report from what was measured. */
export function writeReport(results: Results): void {
  const sections = [head(results), sizes(results), policies(results), reruns(results), growth(results)];
  sections.push(planning(results), workers(results), coldStarts(results));
  writeFileSync(FILE, `${sections.filter((section) => section !== '').join('\n\n')}\n`);
}

function head({ machine = 'unknown' }: Results): string {
  return `# Benchmarks

Made by \`npm run bench\`; \`npm run bench -- size rerun\` measures single scenarios again, \`npm run bench -- quick\` shows small ones and reports nothing. Nothing here is a test: times depend on the machine, and the tests hold only what does not, such as numbers of calls.

Measured on ${machine}, with nothing beside the benchmark but its own processes: service, table, sandbox and caller share the processors. Times depend on them; numbers of calls, refusals and bytes do not. A service is measured after it has cloned a hundred flows: a process that has just started takes half as long again to read and plan. integrator.io is played by the sandbox in a process of its own: 50 ms a call, a bucket of 1,000 calls and 300 a second for each account, as published. The ledger is the DynamoDB adapter over an embedded DynamoDB in a process of its own, and the service runs as it is deployed: gateway, durable worker, buckets leased through the table. A flow has six objects: script, export, lookup, two imports, flow, of two to three kilobytes each.

*Floor* is what the limits allow: the source's reads at the bucket's rate and then the target's writes (a plan must be whole before the first write), or the longest chain of needs times the latency (flow, step, script; then script, export, flow: six calls, 300 ms), whichever is more.`;
}

function sizes({ size = [] }: Results): string {
  if (size.length === 0) return '';
  const rows = size.map((row) => [
    whole(row.flows),
    String(row.rateShare),
    seconds(row.wallMs),
    seconds(row.bestMs),
    seconds(row.floorMs),
    (row.wallMs / row.floorMs).toFixed(2),
    whole(row.sourceCalls),
    whole(row.targetCalls),
    ((row.sourceCalls + row.targetCalls) / row.flows).toFixed(2),
    whole(row.rateLimited),
    row.peakMb === undefined ? '' : whole(row.peakMb),
    row.cpuMs === undefined ? '' : seconds(row.cpuMs),
    row.note ?? '',
  ]);
  const names = [
    'flows',
    'rateShare',
    'median, s',
    'best, s',
    'floor, s',
    'ratio',
    'calls to source',
    'to target',
    'calls a flow',
    '429s',
    'peak MB',
    'CPU, s',
    'note',
  ];
  return `## From \`POST /clone\` to the finished answer

${table(names, rows)}

Memory and CPU are those of the one process that holds gateway, stand-ins and worker.

![Time against the number of flows](benchmarks/time.svg)

![Calls a second against the bucket](benchmarks/rate.svg)`;
}

function policies({ policies: rows = [], size = [] }: Results): string {
  if (rows.length === 0) return '';
  const ours = new Map(size.filter(({ rateShare }) => rateShare === 0.95).map((row) => [row.flows, row]));
  const lines = rows.map((row) => {
    const own = ours.get(row.flows);
    return [
      row.name,
      whole(row.flows),
      `${seconds(row.wallMs)}${row.reckoned ? ' (reckoned)' : ''}`,
      whole(row.calls),
      row.reckoned ? '' : whole(row.rateLimited),
      own === undefined ? '' : `${(row.wallMs / own.wallMs).toFixed(1)} ×`,
    ];
  });
  return `## The same work under other pacing

The policies that tools like this one use, over the same client: one read and one write for each object, no ledger, no verification, and every Retry-After obeyed. Reckoned: ten times what a hundred flows took, since the pace is constant.

${table(['policy', 'flows', 'seconds', 'calls', '429s', 'slower than flowferry by'], lines)}`;
}

function reruns({ rerun = [] }: Results): string {
  if (rerun.length === 0) return '';
  const rows = rerun.map((row) => [
    row.what,
    whole(row.flows),
    seconds(row.wallMs),
    whole(row.calls),
    whole(row.writes),
    whole(row.rateLimited),
  ]);
  return `## Cloning again

${table(['what', 'flows', 'seconds', 'calls', 'writes', '429s'], rows)}`;
}

function growth({ growth: rows = [] }: Results): string {
  if (rows.length === 0) return '';
  const lines = rows.map((row) => [
    whole(row.flows),
    row.ledger,
    row.cpuMsPerObject.toFixed(2),
    whole(row.peakMb),
    seconds(row.wallMs),
    row.tableCallsPerObject.toFixed(2),
    row.note ?? '',
  ]);
  return `## Our own work, and how it grows

No latency and no limit: what is left is the engine's own time, HTTP included. The rows with the ledger in a table ran with \`${HEAP_FLAGS.join(' ')}\`: a heap limit keeps garbage from being most of what a process holds. Rows with the ledger in memory, where there are any, show what safety costs: the difference in CPU, and the table's calls for each object.

${table(['flows', 'ledger in', 'CPU ms an object', 'peak MB', 'seconds', 'table calls an object', 'note'], lines)}`;
}

function planning({ planning: rows = [] }: Results): string {
  if (rows.length === 0) return '';
  const lines = rows.map((row) => [
    whole(row.flows),
    whole(row.readCpuMs),
    whole(row.planCpuMs),
    ((row.readCpuMs + row.planCpuMs) / (row.flows * 6)).toFixed(3),
  ]);
  return `## Planning

CPU of a dry run over documents that are in memory already.

${table(['flows', 'taking in, ms', 'planning, ms', 'ms an object'], lines)}`;
}

function workers({ workers: rows = [] }: Results): string {
  if (rows.length === 0) return '';
  const lines = rows.map((row) => [
    whole(row.workers),
    whole(row.calls),
    seconds(row.spanMs),
    whole(row.perSecond),
    whole(row.most),
    whole(row.rateLimited),
  ]);
  const names = [
    'workers',
    'calls',
    'seconds',
    'calls a second beyond the burst',
    'the bucket allows',
    '429s',
  ];
  return `## Workers on one account

Each worker is a process of its own; they share the account's bucket through leases in the table.

${table(names, lines)}`;
}

function coldStarts({ coldStart = [] }: Results): string {
  if (coldStart.length === 0) return '';
  const lines = coldStart.map((row) => [row.name, whole(row.bytes), whole(row.budget), whole(row.importMs)]);
  return `## Cold start

Bytes that a cold start loads, minified, against the budget that the build enforces; the median time to import them in fresh processes.

${table(['function', 'bytes', 'budget', 'import, ms'], lines)}`;
}
