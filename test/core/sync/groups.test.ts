import { describe, expect, test } from '@jest/globals';
import type { Json, JsonObject } from '../../../core/model/resource.ts';
import type { TargetResult } from '../../../core/sync/index.ts';
import { one, useWorld } from './world.ts';

const world = useWorld();

const FLOW = 'Orders by night';
/** The group that this flow is in. */
const NIGHTLY = 'Nightly';

const run = async (): Promise<TargetResult> => one(await world.sync.run());
const rollback = ({ cloneId = '' }: TargetResult) =>
  world.harness.ports.clones.wish(cloneId, 'rollback').then(() => world.harness.resume(cloneId));

function groups(): JsonObject[] {
  return world.named('integrations', 'Orders')['flowGroupings'] as JsonObject[];
}

function regroup(account: 'blueprint' | 'acme', change: (groups: JsonObject[]) => JsonObject[]): void {
  world.edit(
    'integrations',
    'Orders',
    (integration) => {
      const before = integration['flowGroupings'] as JsonObject[];
      integration['flowGroupings'] = change(before).map((group, index) => ({
        _id: `${account === 'acme' ? 'b' : 'c'}${index}`.repeat(12),
        ...group,
      })) as Json;
    },
    account,
  );
}

const change =
  (name: string, more: JsonObject) =>
  (all: JsonObject[]): JsonObject[] =>
    all.map((group) => (group['name'] === name ? { ...group, ...more } : group));

/** The name of the group that the flow is in, in the tenant's account. */
function groupOfFlow(): Json | undefined {
  const { _flowGroupingId: id } = world.named('flows', FLOW);
  return groups().find(({ _id }) => _id === id)?.['name'];
}

function reschedule(): void {
  world.editSource('flows', FLOW, (flow) => {
    flow['schedule'] = '? 0 3 ? * *';
  });
}

describe('a flow group that the source', () => {
  test('changes is changed, under its id', async () => {
    await world.step();
    const [before] = groups();
    regroup('blueprint', change(NIGHTLY, { settings: { at: 3 } }));

    const [result, idle] = [await run(), await run()];

    expect(result).toMatchObject({ status: 'changed', applied: 1, kept: 0 });
    expect(result.drift).toEqual([
      expect.objectContaining({ type: 'integration', path: '/flowGroupings/0/settings', movedBy: 'source' }),
    ]);
    expect(groups()).toEqual([{ ...before, settings: { at: 3 } }]);
    expect(idle).toMatchObject({ status: 'in-step', applied: 0, kept: 0 });
  });

  test('adds comes beside those of the tenant’s own', async () => {
    await world.step();
    const [before] = groups();
    regroup('acme', (all) => [...all, { name: 'Mine' }]);
    regroup('blueprint', (all) => [...all, { name: 'Weekly' }]);

    const [result, idle] = [await run(), await run()];

    expect(result).toMatchObject({ applied: 1, kept: 1, conflicts: [] });
    expect(groups().map(({ name }) => name)).toEqual([NIGHTLY, 'Mine', 'Weekly']);
    expect(groups()[0]).toEqual(before);
    expect(idle).toMatchObject({ status: 'in-step', applied: 0, kept: 1 });
  });

  test('renames keeps its id, its flows, and what the tenant changed in it', async () => {
    await world.step();
    regroup('acme', change(NIGHTLY, { settings: { own: true } }));
    const own = { _id: '5f00f0000000000000000777', name: 'My own', _flowGroupingId: groups()[0]?.['_id'] };
    world.harness.sandbox.load('acme', { flows: [own] } as never);
    const before = groups();
    regroup('blueprint', change(NIGHTLY, { name: 'By night' }));

    const [result, idle] = [await run(), await run()];

    expect(result).toMatchObject({ status: 'changed', applied: 1, kept: 1, conflicts: [] });
    expect(groups()).toEqual([{ ...before[0], name: 'By night' }]);
    expect(groupOfFlow()).toBe('By night');
    expect(world.named('flows', 'My own')['_flowGroupingId']).toBe(before[0]?.['_id']);
    expect(idle).toMatchObject({ status: 'in-step', applied: 0, kept: 1, conflicts: [] });
  });

  test('removes stays, is no difference, and its flows leave it', async () => {
    regroup('blueprint', (all) => [{ name: 'First' }, ...all, { name: 'Last' }]);
    await world.step();
    const before = groups();
    regroup('blueprint', (all) => all.filter(({ name }) => name !== NIGHTLY));
    world.editSource('flows', FLOW, (flow) => {
      delete flow['_flowGroupingId'];
    });

    const [result, idle] = [await run(), await run()];
    world.editSource('integrations', 'Orders', (integration) => {
      integration['description'] = 'changed later';
    });
    const later = await run();

    expect(result).toMatchObject({ status: 'changed', applied: 1, kept: 0, conflicts: [] });
    expect(result.drift).toEqual([expect.objectContaining({ type: 'flow', path: '/_flowGroupingId' })]);
    expect(idle).toMatchObject({ status: 'in-step', applied: 0, kept: 0, drift: [] });
    expect(later).toMatchObject({ status: 'changed', applied: 1, kept: 0 });
    expect(groups()).toEqual(before);
    expect(groupOfFlow()).toBeUndefined();
  });

  test('changed is as it was after a rollback', async () => {
    await world.step();
    const before = groups();
    regroup('blueprint', (all) => [
      ...change(NIGHTLY, { name: 'By night', settings: { at: 3 } })(all),
      { name: 'Weekly' },
    ]);

    const state = await rollback(await run());
    const rolledBack = groups();
    const again = await run();

    expect(state.status).toBe('rolled-back');
    expect(rolledBack).toEqual(before);
    expect(groupOfFlow()).toBe('By night');
    expect(again).toMatchObject({ status: 'changed', applied: 3, kept: 0 });
  });
});

describe('a flow group that the tenant', () => {
  test('renames is its own: flows stay in it, and get what else the source changes', async () => {
    await world.step();
    regroup('acme', change(NIGHTLY, { name: 'Mine' }));
    reschedule();

    const [result, idle] = [await run(), await run()];

    expect(result).toMatchObject({ status: 'changed', applied: 1, conflicts: [] });
    expect(groups().map(({ name }) => name)).toEqual(['Mine']);
    expect(groupOfFlow()).toBe('Mine');
    expect(world.named('flows', FLOW)['schedule']).toBe('? 0 3 ? * *');
    expect(idle).toMatchObject({ status: 'in-step', applied: 0, conflicts: [] });
  });

  test('removes stays away, and holds up none of its flows', async () => {
    await world.step();
    regroup('acme', () => []);
    world.edit('flows', FLOW, (flow) => {
      delete flow['_flowGroupingId'];
    });
    reschedule();

    const [result, idle] = [await run(), await run()];

    expect(result).toMatchObject({ status: 'changed', applied: 1, kept: 1, conflicts: [] });
    expect(groups()).toEqual([]);
    expect(world.named('flows', FLOW)).toMatchObject({ schedule: '? 0 3 ? * *' });
    expect(idle).toMatchObject({ status: 'in-step', applied: 0, kept: 1, conflicts: [] });
  });
});
