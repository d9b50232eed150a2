import { afterEach, expect, test } from '@jest/globals';
import { layoutOf, OBJECTS_PER_FLOW, sourceDocuments, targetDocuments } from '../../../bench/blueprint.ts';
import type { SyncInput } from '../../../core/model/sync.ts';
import { type Harness, startHarness } from '../../support/harness.ts';
import { namedAccount } from '../../support/named-account.ts';
import { createSyncHarness } from '../../support/sync.ts';

const FLOWS = 20;
const TENANTS = ['tenant-a', 'tenant-b', 'tenant-c'];
const layout = layoutOf(FLOWS);

let harness: Harness;
afterEach(() => harness.close());

const blueprint = { account: 'blueprint', integrationIds: [layout.sourceIntegrationId] };

/** A sync of the blueprint into empty tenants, where one step may take so long (ms). */
async function startSync(stepMs: number, latencyMs: number) {
  harness = await startHarness({
    latencyMs,
    accounts: [
      namedAccount('blueprint', sourceDocuments(FLOWS)),
      ...TENANTS.map((name) => namedAccount(name, targetDocuments())),
    ],
  });
  const sync = createSyncHarness(harness, stepMs);
  const put = (more: Partial<SyncInput> = {}) =>
    sync.put({
      source: blueprint,
      targets: TENANTS.map((name) => ({ account: name, connectionMap: layout.connectionMap })),
      ...more,
    });
  await put();
  return { sync, put };
}

function writes() {
  return TENANTS.map((name) => {
    const { POST = 0, PUT = 0, PATCH = 0, DELETE = 0 } = harness.sandbox.stats(name).byMethod;
    return { POST, PUT, PATCH, DELETE };
  });
}

const STEPS: [string, number, number][] = [
  ['in one step', 60_000, 0],
  ['in many steps', 15, 5],
];

test.each(STEPS)(
  'A first run writes every object exactly once, %s.',
  async (_, stepMs, latencyMs) => {
    const { sync } = await startSync(stepMs, latencyMs);

    const { run } = await sync.run();

    // All of the source but its two connections, which are mapped; and one call that registers these.
    const once = { POST: FLOWS * OBJECTS_PER_FLOW + 1, PUT: 1, PATCH: 0, DELETE: 0 };
    expect(run.status).toBe('succeeded');
    expect(writes()).toEqual(TENANTS.map(() => once));
  },
  60_000,
);

test.each(STEPS)(
  'A run that prunes deletes every copy exactly once, and counts it once, %s.',
  async (_, stepMs, latencyMs) => {
    const { sync, put } = await startSync(stepMs, latencyMs);
    await sync.run();
    const left = layout.flowIds.slice(0, FLOWS / 2);
    await put({
      source: { account: 'blueprint', flowIds: left },
      targets: [{ account: 'tenant-a', connectionMap: layout.connectionMap, activate: true }],
      prune: 'delete',
      maxPruneShare: 1,
    });
    harness.sandbox.resetCalls();

    const { targets } = await sync.run();

    const gone = (FLOWS - left.length) * OBJECTS_PER_FLOW;
    const record = await harness.ports.clones.get(targets['tenant-a']?.cloneId ?? '');
    expect(targets['tenant-a']).toMatchObject({ status: 'changed', applied: gone });
    expect(writes()[0]).toEqual({ POST: 0, PUT: 0, PATCH: 0, DELETE: gone });
    expect(record?.state.warnings.map(({ code, message }) => [code, message.split(' ')[0]])).toEqual([
      ['prune_deleted', String(gone)],
    ]);
  },
  60_000,
);
