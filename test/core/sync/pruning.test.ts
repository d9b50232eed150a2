import { describe, expect, test } from '@jest/globals';
import type { SyncInput } from '../../../core/model/sync.ts';
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

    await world.step(narrower({ prune: 'delete' }));

    expect([has('flows', 'Orders by webhook'), has('exports', 'Receive orders')]).toEqual([false, true]);
  });

  test('stays, as a conflict, where the tenant changed it', async () => {
    await world.step({ prune: 'delete' });
    world.edit('flows', 'Orders by webhook', (flow) => {
      flow['description'] = 'mine';
    });

    const first = await world.step(narrower({ prune: 'delete' }));
    const second = one(await world.sync.run());

    expect(first).toMatchObject({ status: 'conflict', kept: 1 });
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

describe('a pruning that is undone', () => {
  test('says of what it deleted that it is gone for good', async () => {
    await world.step({ prune: 'delete' });
    const { cloneId = '' } = await world.step(narrower({ prune: 'delete' }));
    await world.harness.ports.clones.wish(cloneId, 'rollback');

    const state = await world.harness.resume(cloneId);

    expect(state.status).toBe('failed');
    expect(state.errors.map(({ code, type }) => `${code} ${type}`).sort()).toEqual([
      'undo_failed export',
      'undo_failed flow',
    ]);
  });

  test('wakes what it put to sleep', async () => {
    await world.step({ prune: 'disable', targets: [tenant('acme', { activate: true })] });
    const { cloneId = '' } = await world.step(narrower({ prune: 'disable' }));
    const { ports } = world.harness;
    await ports.clones.wish(cloneId, 'rollback');

    const state = await world.harness.resume(cloneId);

    expect(state.status).toBe('rolled-back');
    expect(world.named('flows', 'Orders by webhook')['disabled']).toBe(false);
  });
});
