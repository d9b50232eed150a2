import { writeFileSync } from 'node:fs';
import type { Round, SyncResult } from '../scenarios/sync.ts';
import type { SyncResults } from '../sync-results.ts';
import { table } from './table.ts';

const FILE = new URL('../../docs/benchmarks-sync.md', import.meta.url);

const seconds = (ms: number): string => (ms / 1000).toFixed(1);
const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const mean = (value: number): string => value.toFixed(value % 1 === 0 ? 0 : 2);

/** Writes the report of syncs from what was measured. */
export function writeSyncReport(results: SyncResults): void {
  writeFileSync(FILE, `${[head(results), ...results.worlds.map(sectionOf)].join('\n\n')}\n`);
}

function head({ worlds, machine }: SyncResults): string {
  const latency = [...new Set(worlds.map(({ sizes }) => sizes.latencyMs))].join(' and ');
  return `# Benchmarks of syncs

Made by \`npm run bench:sync\`: one blueprint is brought into many tenants and kept in step with them, through \`PUT /syncs\` and \`POST /syncs/{sync}/run\`. A flow has six objects: script, export, lookup, two imports, flow. The integration comes with them; the two connections of each tenant are mapped.

Measured on ${machine}: service, table, sandbox and caller share the processors, so that wall times are upper bounds; calls are exact. integrator.io is played by the sandbox in a process of its own, ${latency} ms a call, each account with the published bucket of 1,000 calls and 300 a second. The ledger is the DynamoDB adapter over an embedded DynamoDB in a process of its own. The coordinator and all targets' workers run as they are deployed, buckets leased through the table, but share one process here: *CPU* is what that process used, and what bounds the first run. On Lambda each target has a processor of its own.

The benchmark ends with an error where a round leaves something wrong behind:

1. **first run**: every tenant ends \`changed\` and holds every copy.
2. **nothing changed**: every tenant is \`in-step\`; of each it takes the account's identity and list pages, and nothing is written.
3. **1 % changed**: that share of the source's objects, exports, are described anew; every tenant's copies hold the new description.
4. **tenants' own edits**: five tenants change an import. Each is told of as drift and kept; nothing is written.
5. **one tenant fails**: the source gains a flow, and one tenant's account answers 422 to every new flow. The run ends \`partial\`: the others hold the new flow, this one is named with the error, and nothing of the run is left in it.

In every round no read of the source is asked twice, whatever the number of targets, and what a tenant edited is still there at the end.

*Separate* is the same by one \`POST /clone\` a tenant, one after the other, reckoned up from a few of them. Those read the source anew for each tenant, and a clone overwrites what a tenant changed, where a sync keeps it.`;
}

/** What was measured of one world, in Markdown. */
export function sectionOf({ sizes, objects, rounds, peakMb }: SyncResult): string {
  const { tenants, flows, concurrency } = sizes;
  const rows = rounds.map((round) => [
    round.name,
    seconds(round.wallMs),
    seconds(round.cpuMs),
    whole(round.source.calls),
    mean(round.targets.calls / tenants),
    mean(round.targets.pages / tenants),
    mean(round.targets.writes / tenants),
    whole(round.source.rateLimited + round.targets.rateLimited),
    countsOf(round),
  ]);
  const names = [
    'round',
    'wall, s',
    'CPU, s',
    'calls to source',
    'calls a target',
    'of them pages',
    'writes a target',
    '429s',
    'targets',
  ];
  const parts = [
    `## ${tenants} tenants, ${flows} flows (${objects} objects), concurrency ${concurrency}`,
    table(names, rows),
    ...rounds.flatMap(({ errors }) => errors.map((error) => `Named failure: \`${error}\``)),
    apart(rounds, sizes),
    `Peak memory of the process with all workers: ${whole(peakMb)} MB.`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function apart(rounds: readonly Round[], { separate }: SyncResult['sizes']): string {
  const rows = rounds.flatMap((round) => {
    if (round.separate === undefined) return [];
    const calls = round.source.calls + round.targets.calls;
    return [
      [
        round.name,
        seconds(round.wallMs),
        seconds(round.separate.wallMs),
        (round.separate.wallMs / round.wallMs).toFixed(1),
        whole(calls),
        whole(round.separate.calls),
        (round.separate.calls / calls).toFixed(1),
      ],
    ];
  });
  if (rows.length === 0) return '';
  const names = ['round', 'sync, s', 'separate, s', 'times', 'sync, calls', 'separate, calls', 'times'];
  return `Against separate clones, reckoned from ${separate}:\n\n${table(names, rows)}`;
}

function countsOf({ counts }: Round): string {
  return Object.entries(counts)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ');
}
