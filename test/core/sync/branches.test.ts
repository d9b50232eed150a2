import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../core/model/resource.ts';
import type { TargetResult } from '../../../core/sync/index.ts';
import { one, useWorld } from './world.ts';

const world = useWorld();

const FLOW = 'Orders by branch';

function branchesOf(flow: JsonObject): JsonObject[] {
  return (flow['routers'] as { branches: JsonObject[] }[]).flatMap(({ branches }) => branches);
}

function branches(): JsonObject[] {
  return branchesOf(world.named('flows', FLOW));
}

/** Changes the first branch of the flow in one of the accounts. */
function editFirst(account: 'blueprint' | 'acme', change: JsonObject): void {
  world.edit('flows', FLOW, (flow) => Object.assign(branchesOf(flow)[0] ?? {}, change), account);
}

const run = async (): Promise<TargetResult> => one(await world.sync.run());

describe('a branch that has its id from the source', () => {
  test('is the same when the source renames it, with what the tenant put into it', async () => {
    await world.step();
    editFirst('acme', { description: 'mine' });
    editFirst('blueprint', { name: 'Europe' });

    const result = await run();

    expect(result).toMatchObject({ status: 'changed', applied: 1, kept: 1, conflicts: [] });
    expect(branches()).toEqual([
      expect.objectContaining({ branchId: 'b1', name: 'Europe', description: 'mine' }),
      expect.objectContaining({ branchId: 'b2', name: 'drop' }),
    ]);
    expect(await run()).toMatchObject({ status: 'in-step', applied: 0, kept: 1 });
  });

  test('is the same when the tenant renames it, and gets what the source changes in it', async () => {
    await world.step();
    editFirst('acme', { name: 'Union' });
    editFirst('blueprint', { description: 'theirs' });

    const result = await run();

    expect(result).toMatchObject({ status: 'changed', applied: 1, kept: 1, conflicts: [] });
    expect(branches().map(({ name, description }) => [name, description])).toEqual([
      ['Union', 'theirs'],
      ['drop', undefined],
    ]);
  });

  test('is one when both rename it: a conflict of the name alone', async () => {
    await world.step();
    editFirst('acme', { name: 'Union' });
    editFirst('blueprint', { name: 'Europe' });

    const result = await run();

    expect(result.conflicts).toEqual([
      expect.objectContaining({ path: '/routers/0/branches/0/name', resolution: 'keep-target' }),
    ]);
    expect(branches().map(({ name }) => name)).toEqual(['Union', 'drop']);
  });
});

describe('a branch that has its id from the server', () => {
  function forgetIds(): void {
    world.editSource('flows', FLOW, (flow) => {
      for (const branch of branchesOf(flow)) delete branch['branchId'];
    });
  }

  test('is told by its name, and the id is no difference', async () => {
    forgetIds();
    await world.step();
    const before = branches().map(({ branchId }) => branchId);
    editFirst('acme', { description: 'mine' });
    editFirst('blueprint', { inputFilter: { version: '1' } });

    const [result, idle] = [await run(), await run()];

    expect(before).toEqual([expect.any(String), expect.any(String)]);
    expect(result).toMatchObject({ status: 'changed', applied: 1, kept: 1, conflicts: [] });
    expect(idle).toMatchObject({ status: 'in-step', applied: 0, kept: 1 });
    expect(branches()[0]).toMatchObject({ description: 'mine', inputFilter: { version: '1' } });
    expect(branches().map(({ branchId }) => branchId)).toEqual(before);
  });

  test('keeps that id when the source loses its own', async () => {
    await world.step();
    editFirst('acme', { description: 'mine' });
    forgetIds();

    const [result, idle] = [await run(), await run()];

    expect(result).toMatchObject({ status: 'in-step', applied: 0, kept: 1, conflicts: [] });
    expect(idle).toMatchObject({ status: 'in-step', applied: 0, kept: 1, conflicts: [] });
    expect(branches().map(({ branchId }) => branchId)).toEqual(['b1', 'b2']);
  });
});
