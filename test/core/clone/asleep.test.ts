import { describe, expect, test } from '@jest/globals';
import type { Advance } from '../../../core/clone/index.ts';
import type { CloneState } from '../../../core/model/clone.ts';
import type { Fault } from '../../../sandbox/index.ts';
import { idOf } from '../references/ids.ts';
import { account, cloned, exporting, flow, startWorld, type World } from './world.ts';

/** A clone that woke two flows which were there before, changed one's export, and is to be undone. */
async function toUndo(): Promise<{ world: World; state: CloneState; id: string }> {
  const world = await startWorld(
    account({
      flows: [flow(1), flow(2, { pageGenerators: [{ _exportId: idOf('export', 2) }] })],
      exports: [exporting(1), exporting(2)],
    }),
  );
  await cloned(world, world.request());
  world.sandbox.edit('blueprint', 'exports', idOf('export'), (document) => {
    document['http'] = { method: 'GET', relativeURI: '/v2' };
  });
  const state = await cloned(world, world.request({ activate: true }));
  const id = state.cloneId ?? '';
  await world.ports.clones.wish(id, 'rollback');
  world.sandbox.resetCalls();
  return { world, state, id };
}

const refused: Fault = { account: 'acme', method: 'PATCH', path: /flows/, effect: 'status', status: 422 };
const patches = (world: World): number => world.writes().filter(({ method }) => method === 'PATCH').length;
const isPutBack = (world: World, state: CloneState): boolean =>
  JSON.stringify(world.copyOf(state, idOf('export'))).includes('"/orders"');
const awake = (world: World): unknown[] =>
  world.target('flows').flatMap(({ name, disabled }) => (disabled === true ? [] : [name]));

describe('Undoing a clone that woke flows', () => {
  test('has nothing to put to sleep in a flow that is gone', async () => {
    const { world, state, id } = await toUndo();
    await using _ = world;
    world.sandbox.remove('acme', 'flows', state.idMap?.[idOf('flow')] ?? '');

    const undone = await world.resume(id);

    expect(undone).toMatchObject({ status: 'rolled-back', errors: [] });
    expect(isPutBack(world, state)).toBe(true);
    expect(awake(world)).toEqual([]);
  });

  test('names a flow that stays awake, and undoes the rest', async () => {
    const { world, state, id } = await toUndo();
    await using _ = world;
    world.sandbox.faults.add({ ...refused, nth: 1 });

    const undone = await world.resume(id);

    expect(undone.status).toBe('failed');
    expect(undone.errors.map(({ code, type }) => `${code} ${type}`)).toEqual(['undo_failed flow']);
    expect(undone.errors[0]?.message).toContain(`flow "${awake(world)[0]}" could not be put to sleep again`);
    expect(awake(world)).toHaveLength(1);
    expect(isPutBack(world, state)).toBe(true);

    await world.ports.clones.wish(id, 'rollback');
    expect(await world.resume(id)).toMatchObject({ status: 'rolled-back', errors: [] });
    expect(awake(world)).toEqual([]);
  });

  test('goes on where its time ran out, and does not ask such a flow again', async () => {
    const { world, state, id } = await toUndo();
    await using _ = world;
    world.sandbox.faults.add(refused);
    const record = await world.ports.clones.get(id);
    if (!record) throw new Error('the clone is gone');
    await world.ports.clones.save({ ...record, status: 'running', attempt: 2 });
    const advance = (budgetMs: number): Promise<Advance> => world.engine.advance(world.ports, id, budgetMs);

    expect(await advance(0)).toEqual({ next: 'again' });
    expect(await advance(60_000)).toEqual({ next: 'stop', status: 'failed' });

    expect(isPutBack(world, state)).toBe(true);
    expect(patches(world)).toBe(2);
  });

  test('ends at once where the token is refused', async () => {
    const { world, state, id } = await toUndo();
    await using _ = world;
    world.sandbox.faults.add({ ...refused, status: 401 });

    const undone = await world.resume(id);

    expect(undone.status).toBe('failed');
    expect((await world.ports.clones.get(id))?.notes).toMatchObject({
      cause: { code: 'account_unauthorized' },
    });
    expect(isPutBack(world, state)).toBe(false);
  });
});
