import { describe, expect, test } from '@jest/globals';
import { WARNINGS_PART } from '../../../core/apply/work.ts';
import type { Warning } from '../../../core/model/problem.ts';
import type { JsonObject } from '../../../core/model/resource.ts';
import type { SyncInput } from '../../../core/model/sync.ts';
import type { TargetResult } from '../../../core/sync/index.ts';
import { IDS } from '../../support/blueprint.ts';
import { definition, one, tenant, useWorld } from './world.ts';

const world = useWorld();

const [LEGACY, LINEAR, BRANCHING] = IDS.flows;

/** The sync without its flow of webhooks: the flow, its export and nothing else then lack a source. */
function narrower(more: Partial<SyncInput> = {}): Partial<SyncInput> {
  return { source: { account: 'blueprint', flowIds: [LEGACY, LINEAR, BRANCHING] }, ...more };
}

function has(collection: string, name: string): boolean {
  return world.documents(collection).some((document) => document['name'] === name);
}

/** What a run says of its pruning besides. */
async function warningsOf({ cloneId = '' }: TargetResult): Promise<string[]> {
  const { clones } = world.harness.ports;
  const planned = (await clones.getPart<Warning[]>(cloneId, WARNINGS_PART)) ?? [];
  const record = await clones.get(cloneId);
  return [...planned, ...(record?.state.warnings ?? [])]
    .map(({ code, type }) => [code, type].join(' ').trim())
    .filter((line) => line.startsWith('prune_'));
}

describe('what lost its source', () => {
  test('stays as it is unless the sync prunes', async () => {
    await world.step();

    const result = await world.step(narrower());

    expect(result).toMatchObject({ status: 'in-step', applied: 0 });
    expect(has('flows', 'Orders by webhook')).toBe(true);
  });

  test('is deleted with what nothing else needs, and what others need stays', async () => {
    await world.step({ prune: 'delete' });

    const result = await world.step(narrower({ prune: 'delete' }));

    expect(result).toMatchObject({ status: 'changed', applied: 2 });
    expect(result.drift).toEqual([
      expect.objectContaining({ type: 'export', path: '', movedBy: 'source' }),
      expect.objectContaining({ type: 'flow', path: '', movedBy: 'source' }),
    ]);
    expect([has('flows', 'Orders by webhook'), has('exports', 'Receive orders')]).toEqual([false, false]);
    expect(has('imports', 'Post orders')).toBe(true);
  });

  test('is deleted too when it is gone from the source account itself', async () => {
    await world.step({ prune: 'delete' });
    world.harness.sandbox.remove('blueprint', 'flows', IDS.flows[3]);
    world.harness.sandbox.remove('blueprint', 'exports', IDS.exports[4]);

    const result = one(await world.sync.run());

    expect(result.status).toBe('changed');
    expect(has('flows', 'Orders by webhook')).toBe(false);
  });

  test('is put to sleep, once, where the sync disables', async () => {
    await world.step({ prune: 'disable', targets: [tenant('acme', { activate: true })] });

    const first = await world.step(narrower({ prune: 'disable' }));
    const second = one(await world.sync.run());

    expect(first).toMatchObject({ status: 'changed', applied: 1 });
    expect(first.drift).toEqual([expect.objectContaining({ type: 'flow', path: '/disabled' })]);
    expect(second).toMatchObject({ status: 'in-step', applied: 0 });
    expect(world.named('flows', 'Orders by webhook')['disabled']).toBe(true);
  });

  test('is deleted after its nap, with its export, where the sync comes to delete', async () => {
    await world.step({ prune: 'disable', targets: [tenant('acme', { activate: true })] });
    await world.step(narrower({ prune: 'disable' }));

    const result = await world.step(narrower({ prune: 'delete' }));

    expect(result).toMatchObject({ status: 'changed', applied: 2, kept: 0, conflicts: [] });
    expect(await warningsOf(result)).toEqual(['prune_deleted']);
    expect([has('flows', 'Orders by webhook'), has('exports', 'Receive orders')]).toEqual([false, false]);
  });

  test('stays, as a conflict, where the tenant changed it during its nap', async () => {
    await world.step({ prune: 'disable', targets: [tenant('acme', { activate: true })] });
    await world.step(narrower({ prune: 'disable' }));
    world.edit('flows', 'Orders by webhook', (flow) => {
      flow['description'] = 'mine';
    });

    const first = await world.step(narrower({ prune: 'delete' }));
    const second = one(await world.sync.run());

    expect(first.conflicts).toEqual([
      expect.objectContaining({ type: 'flow', path: '', resolution: 'keep-target' }),
    ]);
    expect(second.conflicts).toEqual([]);
    expect(has('flows', 'Orders by webhook')).toBe(true);
  });

  test('is left alone where somebody else made it', async () => {
    await world.harness.clone({
      source: { account: 'blueprint', flowIds: [IDS.flows[3]] },
      target: { account: 'acme' },
      connectionMap: tenant('acme').connectionMap ?? {},
    });
    await world.step(narrower({ prune: 'delete' }));

    const result = one(await world.sync.run());

    expect(result.status).toBe('in-step');
    expect(has('flows', 'Orders by webhook')).toBe(true);
  });

  test("stays where the tenant's own resources have come to need it", async () => {
    await world.step({ prune: 'delete' });
    const hook = world.named('exports', 'Receive orders')._id;
    const own = { _id: '5f00f0000000000000000777', name: 'My own', pageGenerators: [{ _exportId: hook }] };
    world.harness.sandbox.load('acme', { flows: [own] } as never);

    const first = await world.step(narrower({ prune: 'delete' }));
    const second = one(await world.sync.run());
    const report = one(await world.sync.run({ mode: 'report' }));

    expect([has('flows', 'Orders by webhook'), has('exports', 'Receive orders')]).toEqual([false, true]);
    expect(first).toMatchObject({ status: 'changed', applied: 1, kept: 1 });
    for (const result of [second, report]) {
      expect(result).toMatchObject({ status: 'in-step', applied: 0, kept: 1 });
      expect(result.drift).toEqual([
        expect.objectContaining({ type: 'export', path: '', movedBy: 'target' }),
      ]);
    }
    expect(await warningsOf(second)).toEqual(['prune_still_used export']);
  });

  test('goes in the very run that takes it out of the copies that need it', async () => {
    await world.step({ prune: 'delete', maxPruneShare: 1 });
    world.editSource('flows', 'Orders by night', (flow) => {
      flow['pageProcessors'] = (flow['pageProcessors'] as JsonObject[]).slice(0, -1);
    });

    const result = one(await world.sync.run());

    expect(result).toMatchObject({ status: 'changed', kept: 0 });
    expect(has('imports', 'Feed orders')).toBe(false);
  });

  test('stays, as a conflict, where the tenant changed it', async () => {
    await world.step({ prune: 'delete' });
    world.edit('flows', 'Orders by webhook', (flow) => {
      flow['description'] = 'mine';
    });

    const first = await world.step(narrower({ prune: 'delete' }));
    const second = one(await world.sync.run());

    // With the flow its export stays.
    expect(first).toMatchObject({ status: 'conflict', applied: 0, kept: 2 });
    expect(first.conflicts).toEqual([
      expect.objectContaining({ type: 'flow', path: '', resolution: 'keep-target' }),
    ]);
    expect(second.conflicts).toEqual([]);
    expect(has('flows', 'Orders by webhook')).toBe(true);
  });

  test('goes, changed or not, where the source is to win', async () => {
    await world.step({ prune: 'delete' });
    world.edit('flows', 'Orders by webhook', (flow) => {
      flow['description'] = 'mine';
    });

    await world.step(narrower({ prune: 'delete', onConflict: 'take-source' }));

    expect(has('flows', 'Orders by webhook')).toBe(false);
  });
});

describe('a source that lost too much', () => {
  test('fails the target, and nothing is pruned or written', async () => {
    await world.step({ prune: 'delete' });
    world.editSource('exports', 'Get orders', (document) => {
      document['description'] = 'changed at the same time';
    });
    world.harness.sandbox.resetCalls();

    const result = await world.step(narrower({ prune: 'delete', maxPruneShare: 0.1 }));

    expect(result).toMatchObject({ status: 'failed', error: { code: 'prune_limit' } });
    expect(result.error?.message).toContain('2 of 17 copies');
    expect(world.harness.sandbox.calls('acme').every(({ method }) => method === 'GET')).toBe(true);
  });

  test('fails a first run whose chosen flows do not exist at all', async () => {
    const flowIds = [...IDS.flows, 'ffffffffffffffffffffffff'];

    const result = await world.step({ source: { account: 'blueprint', flowIds } });

    expect(result).toMatchObject({ status: 'failed', error: { code: 'flow_not_found' } });
    expect(world.documents('flows')).toEqual([]);
  });
});

describe('what was pruned and comes back', () => {
  test('is made again after a deletion, and in step again after a nap', async () => {
    await world.step({ prune: 'delete' });
    await world.step(narrower({ prune: 'delete' }));

    const result = await world.step({ ...definition(), prune: 'delete' });

    expect(result).toMatchObject({ status: 'changed', applied: 2 });
    expect(world.named('flows', 'Orders by webhook')['disabled']).toBe(true);
  });
});

describe('a deletion', () => {
  const hook = { account: 'acme', path: /\/flows\// };

  test('comes after all that can fail: a run that fails has deleted nothing, and wakes what it put to sleep', async () => {
    const awake = { targets: [tenant('acme', { activate: true })], prune: 'delete' as const };
    const [, , , listener] = IDS.flows;
    await world.step({ ...awake, source: { account: 'blueprint', flowIds: [LINEAR, BRANCHING, listener] } });
    const before = world.documents('flows').map(({ _id, disabled }) => ({ _id, disabled }));
    // The first puts the flow to sleep that has lost its source, the second wakes the new one.
    world.harness.sandbox.faults.add({ ...hook, method: 'PATCH', nth: 2, effect: 'status', status: 422 });

    const result = await world.step({ ...awake, ...narrower() });

    expect(result).toMatchObject({ status: 'failed', error: { code: 'upstream_failed' } });
    expect(world.named('flows', 'Orders by webhook')['disabled']).toBe(false);
    expect(world.documents('flows').map(({ _id, disabled }) => ({ _id, disabled }))).toEqual(before);
    expect(has('exports', 'Receive orders')).toBe(true);
  });

  test('that is refused fails nothing: the copy stays, with a warning, until the next run', async () => {
    await world.step({ prune: 'delete' });
    world.harness.sandbox.faults.add({ ...hook, method: 'DELETE', nth: 1, effect: 'status', status: 422 });

    const first = await world.step(narrower({ prune: 'delete' }));
    const stayed = has('flows', 'Orders by webhook');
    const second = one(await world.sync.run());

    expect(first.status).toBe('changed');
    expect(stayed).toBe(true);
    expect(await warningsOf(first)).toContain('prune_failed flow');
    expect(second).toMatchObject({ status: 'changed', conflicts: [] });
    expect([has('flows', 'Orders by webhook'), has('exports', 'Receive orders')]).toEqual([false, false]);
  });

  test('is told as one that nothing brings back', async () => {
    await world.step({ prune: 'delete' });

    const result = await world.step(narrower({ prune: 'delete' }));

    expect(await warningsOf(result)).toEqual(['prune_deleted']);
  });
});

describe('a pruning that is undone', () => {
  const rollback = ({ cloneId = '' }: TargetResult) => world.harness.rollback(cloneId);

  test('says of what it deleted that it is gone for good, and puts back the rest', async () => {
    await world.step({ prune: 'delete' });
    world.editSource('exports', 'Get items', (document) => {
      document['description'] = 'changed in the same run';
    });

    const state = await rollback(await world.step(narrower({ prune: 'delete' })));

    expect(state.status).toBe('failed');
    expect(state.errors.map(({ code, type }) => `${code} ${type}`).sort()).toEqual([
      'undo_failed export',
      'undo_failed flow',
    ]);
    expect(state.errors[0]?.message).toContain('undoing does not bring it back');
    expect(world.named('exports', 'Get items')).not.toHaveProperty('description');
    expect(has('flows', 'Orders by webhook')).toBe(false);
  });

  test('names the copies, too, that can not be put back since they named what is deleted', async () => {
    await world.step({ prune: 'delete' });
    world.editSource('flows', 'Orders by night', (flow) => {
      flow['pageProcessors'] = (flow['pageProcessors'] as JsonObject[]).slice(0, -1);
    });
    const result = await world.step({ prune: 'delete', maxPruneShare: 1 });

    const state = await rollback(result);

    const pruned = result.drift.filter(({ path }) => path === '').map(({ sourceId }) => sourceId);
    expect(state.status).toBe('failed');
    expect(state.errors.map(({ sourceId }) => sourceId).sort()).toEqual([...pruned, LINEAR].sort());
    expect(world.named('flows', 'Orders by night')['pageProcessors']).toHaveLength(2);
  });

  test('can be made good by the sync: with its source back it is made anew, under another id', async () => {
    await world.step({ prune: 'delete' });
    const { _id } = world.named('flows', 'Orders by webhook');
    await rollback(await world.step(narrower({ prune: 'delete' })));

    const result = await world.step({ ...definition(), prune: 'delete' });

    expect(result.status).toBe('changed');
    expect(world.named('flows', 'Orders by webhook')._id).not.toBe(_id);
  });

  test('wakes what it put to sleep, and leaves asleep what slept', async () => {
    await world.step({ prune: 'disable', targets: [tenant('acme', { activate: true })] });
    world.edit('flows', 'Orders by night', (flow) => {
      flow['disabled'] = true;
    });

    const result = await world.step({
      source: { account: 'blueprint', flowIds: [BRANCHING] },
      prune: 'disable',
      maxPruneShare: 1,
    });
    const asleep = world.documents('flows').filter(({ disabled }) => disabled === true).length;
    const state = await rollback(result);

    expect(asleep).toBeGreaterThan(1);
    expect(state.status).toBe('rolled-back');
    expect(world.named('flows', 'Orders by webhook')['disabled']).toBe(false);
    expect(world.named('flows', 'Orders by night')['disabled']).toBe(true);
  });

  test('can be followed by a run that prunes the same again', async () => {
    await world.step({ prune: 'disable', targets: [tenant('acme', { activate: true })] });
    await rollback(await world.step(narrower({ prune: 'disable' })));

    const again = one(await world.sync.run());

    expect(again).toMatchObject({ status: 'changed', applied: 1 });
    expect(world.named('flows', 'Orders by webhook')['disabled']).toBe(true);
  });

  test('is not held up by a copy that is gone meanwhile: it is named, and the rest is put back', async () => {
    await world.step({ prune: 'disable', targets: [tenant('acme', { activate: true })] });
    world.editSource('exports', 'Get items', (document) => {
      document['description'] = 'changed in the same run';
    });
    const result = await world.step(narrower({ prune: 'disable' }));
    world.harness.sandbox.remove('acme', 'flows', world.named('flows', 'Orders by webhook')._id);

    const state = await rollback(result);

    expect(state.status).toBe('failed');
    expect(state.errors.map(({ code, type }) => `${code} ${type}`)).toEqual(['undo_failed flow']);
    expect(world.named('exports', 'Get items')).not.toHaveProperty('description');
  });

  test('reports a conflict again that it only noted', async () => {
    await world.step({ prune: 'delete' });
    world.edit('flows', 'Orders by webhook', (flow) => {
      flow['description'] = 'mine';
    });
    const first = await world.step(narrower({ prune: 'delete' }));

    const state = await rollback(first);
    const again = one(await world.sync.run());

    expect(state.status).toBe('rolled-back');
    expect(again.conflicts).toEqual(first.conflicts);
  });
});
