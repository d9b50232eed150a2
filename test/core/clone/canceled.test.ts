import { expect, test } from '@jest/globals';
import { startWorld, type World } from './world.ts';

/** Waits until the sandbox has seen a call. */
async function called(world: World, account: string, method: string): Promise<void> {
  while (!world.sandbox.calls(account).some((call) => call.method === method)) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

test('A clone that is canceled while the accounts are read writes nothing.', async () => {
  await using world = await startWorld();
  const before = world.sandbox.documents('acme');

  const cloning = world.clone(world.request());
  await called(world, 'blueprint', 'GET');
  await world.ports.clones.wish('clone-1', 'cancel');
  const state = await cloning;

  expect(state).toMatchObject({ status: 'rolled-back', errors: [{ code: 'canceled' }] });
  expect(world.writes()).toEqual([]);
  expect(world.sandbox.documents('acme')).toEqual(before);
});

test('A clone that is canceled at its first write wakes nothing, however soon it would have ended.', async () => {
  await using world = await startWorld();

  const cloning = world.clone(world.request({ activate: true, onFailure: 'keep' }));
  await called(world, 'acme', 'POST');
  await world.ports.clones.wish('clone-1', 'cancel');
  const state = await cloning;

  expect(state).toMatchObject({ status: 'partial', errors: [{ code: 'canceled' }] });
  expect(world.target('flows').filter(({ disabled }) => disabled !== true)).toEqual([]);
});
