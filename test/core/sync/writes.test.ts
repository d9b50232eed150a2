import { afterEach, describe, expect, test } from '@jest/globals';
import { layoutOf, sourceDocuments, targetDocuments } from '../../../bench/blueprint.ts';
import { type Harness, startHarness } from '../../support/harness.ts';
import { createSyncHarness } from '../../support/sync.ts';

const FLOWS = 20;
const TENANTS = ['tenant-a', 'tenant-b', 'tenant-c'];
const layout = layoutOf(FLOWS);

let harness: Harness;
afterEach(() => harness.close());

/** What a first run over empty tenants writes to each of them, where one step may take so long (ms). */
async function firstRun(stepMs: number, latencyMs: number) {
  const account = (name: string, documents: object) => ({
    name,
    token: `token-${name}`,
    userId: name,
    documents,
  });
  harness = await startHarness({
    latencyMs,
    accounts: [
      account('blueprint', sourceDocuments(FLOWS)),
      ...TENANTS.map((name) => account(name, targetDocuments())),
    ],
  });
  const sync = createSyncHarness(harness, stepMs);
  await sync.put({
    source: { account: 'blueprint', integrationIds: [layout.sourceIntegrationId] },
    targets: TENANTS.map((name) => ({ account: name, connectionMap: layout.connectionMap })),
  });
  const { run } = await sync.run();
  return { run, writes: TENANTS.map((name) => harness.sandbox.stats(name).byMethod) };
}

describe('a first run', () => {
  // All of the source but its two connections, which are mapped; and one call that registers these.
  const once = { POST: FLOWS * 6 + 1, PUT: 1, PATCH: undefined, DELETE: undefined };

  test.each([
    ['in one step', 60_000, 0],
    ['in many steps', 15, 5],
  ])(
    'writes every object exactly once, %s',
    async (_, stepMs, latencyMs) => {
      const { run, writes } = await firstRun(stepMs, latencyMs);

      expect(run.status).toBe('succeeded');
      for (const { POST, PUT, PATCH, DELETE } of writes) expect({ POST, PUT, PATCH, DELETE }).toEqual(once);
    },
    60_000,
  );
});
