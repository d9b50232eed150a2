import { describe, expect, test } from '@jest/globals';
import { HeldCall, startStill } from './still.ts';

/** A clone whose first worker waits for the answer to a call that it has sent. */
async function waitingFor(method: string, onFailure: 'keep' | 'rollback') {
  const held = new HeldCall((call) => call.method === method && call.path.startsWith('/v1/flows'));
  const world = await startStill({ onCall: held.onCall, jobMs: 0 });
  const cloneId = await world.order(world.request({ activate: true, run: true, onFailure }));
  const step = world.worker()(cloneId);
  step.catch(() => undefined);
  await held.arrived;
  return {
    world,
    cloneId,
    goOn: () => {
      held.letGo();
      return step;
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

test('A worker that wakes flows is left to go on, as one that reads or writes is.', async () => {
  await using scene = await waitingFor('PATCH', 'keep');
  const { world, cloneId } = scene;

  const second = await world.worker()(cloneId);
  const first = await scene.goOn();

  expect([second, first]).toEqual([
    { next: 'later', seconds: 1 },
    { next: 'stop', status: 'succeeded' },
  ]);
});

describe.each(['POST', 'PATCH'])(
  'a worker that slept at its %s to a flow while another carried out a cancel',
  (method) => {
    test.each([
      ['keep', 'partial'],
      ['rollback', 'rolled-back'],
    ] as const)('changes nothing any more, nor the record (%s)', async (onFailure, status) => {
      await using scene = await waitingFor(method, onFailure);
      const { world, cloneId } = scene;
      await world.ports.clones.wish(cloneId, 'cancel');
      world.clock.elapsed += 150_000;
      const other = world.worker();
      while ((await other(cloneId)).next !== 'stop');
      const ended = await world.ports.clones.get(cloneId);
      world.sandbox.resetCalls();

      await scene.goOn().catch(() => undefined);

      expect(ended?.status).toBe(status);
      expect(world.writes()).toEqual([]);
      expect((await world.ports.clones.get(cloneId))?.status).toBe(status);
    });
  },
);
