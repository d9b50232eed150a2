import { expect, test } from '@jest/globals';
import { idOf } from '../references/ids.ts';
import { cloned, codes, startWorld, type World } from './world.ts';

/** A clone that stopped in the middle, and keeps what it made so far. */
async function stopped(world: World): Promise<string> {
  world.sandbox.faults.add({
    account: 'acme',
    method: 'POST',
    path: /imports/,
    count: 1,
    effect: 'status',
    status: 422,
  });
  const state = await world.clone(world.request({ onFailure: 'keep' }));
  expect(state.status).toBe('partial');
  return state.cloneId ?? '';
}

test('A stopped clone does not go on once another one has made copies of the same objects: it says so and writes nothing.', async () => {
  await using world = await startWorld();
  const first = await stopped(world);
  await cloned(world, world.request());
  world.sandbox.resetCalls();
  const before = world.sandbox.documents('acme');

  const state = await world.resume(first);

  expect(state.status).toBe('partial');
  expect(codes(state.errors)).toEqual(['written_since', 'written_since']);
  expect(state.errors.map(({ type }) => type).sort()).toEqual(['flow', 'import']);
  expect(world.writes()).toEqual([]);
  expect(world.sandbox.documents('acme')).toEqual(before);
});

test('A stopped clone gives the pair back when it does not go on: the next one need not wait.', async () => {
  await using world = await startWorld();
  const first = await stopped(world);
  await cloned(world, world.request());
  await world.resume(first);

  const next = await world.order(world.request());
  const step = await world.engine.advance(world.ports, next, 60_000);

  expect(step).toEqual({ next: 'stop', status: 'succeeded' });
});

test('A stopped clone goes on where all that others have written of its objects are copies that are gone.', async () => {
  await using world = await startWorld();
  const done = await cloned(world, world.request());
  for (const collection of ['flow', 'import'] as const) {
    world.sandbox.remove('acme', `${collection}s`, done.idMap?.[idOf(collection)] ?? '');
  }
  const second = await stopped(world);

  const state = await world.resume(second);

  expect(state).toMatchObject({ status: 'succeeded', errors: [] });
  expect([world.target('imports'), world.target('flows')].map(({ length }) => length)).toEqual([1, 1]);
});
