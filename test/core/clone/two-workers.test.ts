import { describe, expect, test } from '@jest/globals';
import { HeldCall, type StillWorld, startStill } from './still.ts';

const STOPPED = { next: 'stop', status: 'succeeded' };
const LATER = { next: 'later', seconds: 1 };
const ONCE = { exports: 1, imports: 1, flows: 1 };

/** A clone whose first worker is still reading the source, under the lease. */
async function whileReading() {
  const reading = new HeldCall(
    ({ account, path }) => account === 'blueprint' && path.startsWith('/v1/flows'),
  );
  const world = await startStill({ onCall: reading.onCall });
  const cloneId = await world.order(world.request());
  const first = world.worker();
  const step = first(cloneId, 600_000);
  // What becomes of it is for the test to see, and not before.
  step.catch(() => undefined);
  await Promise.all([reading.arrived, world.leased]);
  return {
    world,
    cloneId,
    first,
    read: () => {
      reading.letGo();
      return step;
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

/** What the sweeper and the door do when a clone's worker seems to be gone. */
async function newAttempt({ ports }: StillWorld, cloneId: string): Promise<void> {
  const record = await ports.clones.get(cloneId);
  if (record) await ports.clones.save({ ...record, attempt: record.attempt + 1 });
}

describe('two workers of one clone', () => {
  test('of one attempt: the one that reads is left to go on, and the other comes again later', async () => {
    await using scene = await whileReading();
    const { world, cloneId } = scene;
    const second = world.worker();

    const refused = await second(cloneId);
    const read = await scene.read();
    const after = await second(cloneId);

    expect([refused, read, after]).toEqual([LATER, STOPPED, STOPPED]);
    expect(world.copies()).toEqual(ONCE);
  });

  test('of two attempts: the earlier one writes nothing any more, and the later one waits until it is gone', async () => {
    await using scene = await whileReading();
    const { world, cloneId } = scene;
    const second = world.worker();

    await newAttempt(world, cloneId);
    const early = await second(cloneId);
    const earlier = await scene.read();
    const writes = world.writes();
    const later = await second(cloneId);

    expect([early, earlier, later]).toEqual([LATER, { next: 'stop', status: 'superseded' }, STOPPED]);
    expect(writes).toEqual([]);
    expect(world.copies()).toEqual(ONCE);
    expect(await world.ports.clones.get(cloneId)).toMatchObject({ status: 'succeeded', attempt: 2 });
  });

  test('in turns: one that slept while the other went on sends nothing under the lease that it lost', async () => {
    await using world: StillWorld = await startStill({
      // The second worker makes the export, and then its time is over.
      onCall: ({ method, path }, phase) => {
        if (phase === 'after' && method === 'POST' && path === '/v1/exports') world.clock.elapsed += 60_000;
      },
    });
    const cloneId = await world.order(world.request());
    const [first, second] = [world.worker(), world.worker()];

    const planned = await first(cloneId, 0);
    const begun = await second(cloneId);
    const before = world.copies();
    await expect(first(cloneId)).rejects.toMatchObject({ code: 'lease_lost' });
    const unchanged = world.copies();
    const wentOn = await first(cloneId);
    const after = await second(cloneId);

    expect([planned, begun, wentOn, after]).toEqual([{ next: 'again' }, { next: 'again' }, STOPPED, STOPPED]);
    expect(before).toMatchObject({ exports: 1, flows: 0 });
    expect(unchanged).toEqual(before);
    expect(world.copies()).toEqual(ONCE);
  });
});

describe('a clone that reads for longer than its lease holds', () => {
  test('keeps the lease meanwhile and shows that it is alive; another clone waits, and finds its copies', async () => {
    await using scene = await whileReading();
    const { world, cloneId } = scene;
    const other = await world.order(world.request());
    const second = world.worker();
    const orderedAt = world.clock.now();

    await world.clock.advance(150_000);
    const seen = await world.ports.clones.get(cloneId);
    const early = await second(other);
    const read = await scene.read();
    const after = await second(other);

    expect([early, read, after]).toEqual([LATER, STOPPED, STOPPED]);
    expect(Date.parse(seen?.heartbeatAt ?? '')).toBeGreaterThan(orderedAt + 100_000);
    expect(world.copies()).toEqual(ONCE);
    expect((await world.stateOf(other)).plan?.counts).toMatchObject({ create: 0, update: 0 });
  });

  test('carries out nothing of what it read when it slept meanwhile and another clone wrote: it plans again', async () => {
    await using scene = await whileReading();
    const { world, cloneId } = scene;
    const other = await world.order(world.request());

    // Time passes, and nothing that the sleeper meant to do in it is done.
    world.clock.elapsed += 150_000;
    const overtook = await world.worker()(other);
    await expect(scene.read()).rejects.toMatchObject({ code: 'lease_lost' });
    const again = await scene.first(cloneId);

    expect([overtook, again]).toEqual([STOPPED, STOPPED]);
    expect(world.copies()).toEqual(ONCE);
    expect((await world.stateOf(cloneId)).plan?.counts).toMatchObject({ create: 0, update: 0 });
  });
});

test('A clone that fails while it reads the source gives the pair back at once: the next one need not wait.', async () => {
  await using world = await startStill();
  world.sandbox.faults.add({ account: 'blueprint', path: /flows/, nth: 1, effect: 'status', status: 403 });
  const [failing, next] = [await world.order(world.request()), await world.order(world.request())];
  const worker = world.worker();

  const failed = await worker(failing);
  const went = await worker(next);

  expect([failed, went]).toEqual([{ next: 'stop', status: 'failed' }, STOPPED]);
  expect(world.copies()).toEqual(ONCE);
});
