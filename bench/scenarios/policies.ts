import { startChild } from '../processes/child.ts';
import type { Policy } from '../processes/policy.ts';
import { LATENCY_MS, type Traffic } from '../world.ts';

/** One way to pace the same work. */
export interface PolicyRow {
  name: string;
  flows: number;
  wallMs: number;
  calls: number;
  rateLimited: number;
  /** Not run: ten times what a hundred flows took, for the pace is the same. */
  reckoned?: boolean;
}

const POLICIES: readonly { name: string; policy: Policy; slow?: boolean }[] = [
  { name: 'one at a time', policy: { atOnce: 1 }, slow: true },
  { name: '3 at a time, 8 a second', policy: { atOnce: 3, perSecond: 8 }, slow: true },
  { name: '5 at a time', policy: { atOnce: 5 } },
  { name: '10 at a time, a barrier between types', policy: { atOnce: 10, barrier: true } },
  { name: '100 at a time, unpaced', policy: { atOnce: 100 } },
];

/** The same work under the pacing that peers use; side by side, each with accounts of its own. */
export async function policies(quick: boolean): Promise<PolicyRow[]> {
  const flows = quick ? 10 : 100;
  const rows = await Promise.all(POLICIES.map(({ name, policy }) => measured(name, policy, flows)));
  if (quick) return rows;
  for (const { name, slow } of POLICIES) {
    const hundred = rows.find((row) => row.name === name);
    if (slow && hundred) {
      rows.push({
        ...hundred,
        flows: 1000,
        wallMs: hundred.wallMs * 10,
        calls: hundred.calls * 10,
        reckoned: true,
      });
    }
  }
  const fast = POLICIES.filter(({ slow }) => !slow);
  return [...rows, ...(await Promise.all(fast.map(({ name, policy }) => measured(name, policy, 1000))))];
}

async function measured(name: string, policy: Policy, flows: number): Promise<PolicyRow> {
  const [sandbox, child] = [startChild('./sandbox.ts'), startChild('./policy.ts')];
  const sandboxUrl = await sandbox.ask<string>('start', {
    flows,
    latencyMs: LATENCY_MS,
    bucket: undefined,
  });
  const wallMs = await child.ask<number>('run', { sandboxUrl, flows, policy });
  const { source, target } = await sandbox.ask<Traffic>('asked');
  await Promise.all([sandbox.stop(), child.stop()]);
  const calls = source.calls + target.calls;
  return { name, flows, wallMs, calls, rateLimited: source.rateLimited + target.rateLimited };
}
