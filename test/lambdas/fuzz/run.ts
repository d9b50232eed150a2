import { startFastWorld } from './fast-world.ts';
import { type Findings, fuzz } from './fuzz.ts';
import { readFuzzSettings } from './settings.ts';
import { startWholeWorld } from './whole-world.ts';

/** Sends thousands of random and hostile requests to every route, and tells what came of them. Ends with 1 on a complaint. */
const { runs, seed } = readFuzzSettings(process.env, { runs: 22_000, seed: Date.now() % 1_000_000 });
/** So much goes through real HTTP, to the whole service over its stand-ins of AWS. */
const SHARE_OF_WHOLE = 0.1;
/** Calls of one world: lists in memory grow long, and every look at them with them. */
const BATCH = 2_500;

console.log(`seed ${seed}`);
const whole = Math.ceil(runs * SHARE_OF_WHOLE);
const failed = [
  await show('handlers and engine in process', startFastWorld, runs - whole),
  await show('real HTTP, whole service', startWholeWorld, whole),
].includes(true);
process.exit(failed ? 1 : 0);

async function show(name: string, start: typeof startFastWorld, share: number): Promise<boolean> {
  const began = performance.now();
  const all: Findings = { calls: 0, counts: new Map(), complaints: [], slowest: 0 };
  for (let from = 0; from < share; from += BATCH) {
    const world = await start();
    add(all, await fuzz(world, { runs: Math.min(BATCH, share - from), seed: seed + from }));
    await world.close();
  }
  console.log(`\n${name}: ${all.calls} calls in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  print(all);
  return all.complaints.length > 0;
}

function add(all: Findings, more: Findings): void {
  all.calls += more.calls;
  all.slowest = Math.max(all.slowest, more.slowest);
  all.complaints.push(...more.complaints);
  for (const [route, byStatus] of more.counts) {
    const known = all.counts.get(route) ?? new Map<number, number>();
    for (const [status, count] of byStatus) known.set(status, (known.get(status) ?? 0) + count);
    all.counts.set(route, known);
  }
}

function print({ counts, complaints, slowest }: Findings): void {
  for (const [route, byStatus] of [...counts].sort(([one], [other]) => one.localeCompare(other))) {
    const statuses = [...byStatus].sort(([one], [other]) => one - other);
    const total = statuses.reduce((sum, [, count]) => sum + count, 0);
    const shares = statuses.map(([status, count]) => `${status} × ${count}`).join(', ');
    console.log(`${route.padEnd(42)} ${String(total).padStart(6)}  ${shares}`);
  }
  console.log(`slowest answer: ${Math.round(slowest)} ms`);
  for (const complaint of complaints) console.log(`COMPLAINT ${complaint}`);
  console.log(complaints.length === 0 ? 'no complaints' : `${complaints.length} complaints`);
}
