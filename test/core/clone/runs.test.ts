import { describe, expect, test } from '@jest/globals';
import type { Advance } from '../../../core/clone/index.ts';
import type { CloneState } from '../../../core/model/clone.ts';
import { FlowferryError } from '../../../core/model/problem.ts';
import { cloneRequest } from '../../../core/model/request.ts';
import type { Fault, SandboxOptions } from '../../../sandbox/index.ts';
import { idOf } from '../references/ids.ts';
import { account, startWorld, type World } from './world.ts';

const unknown: Fault = {
  account: 'acme',
  method: 'GET',
  path: /\/v1\/jobs\//,
  effect: 'status',
  status: 404,
  code: 'resource_not_found',
};

/** A world whose clock hurries the pauses between two looks. */
async function startHurried(options: SandboxOptions = {}): Promise<World> {
  const world = await startWorld(account(), {}, options);
  const { clock } = world.ports;
  world.ports.clock = { ...clock, sleep: (ms, signal) => clock.sleep(Math.min(ms, 10), signal) };
  return world;
}

const run = (world: World): Promise<CloneState> => world.clone(world.request({ activate: true, run: true }));
const looks = (world: World): number =>
  world.sandbox.calls('acme').filter(({ path }) => path.startsWith('/v1/jobs/')).length;

describe('A run whose job', () => {
  test('is not known at once is looked at again', async () => {
    await using world = await startHurried();
    world.sandbox.faults.add({ ...unknown, count: 2 });

    const state = await run(world);

    expect(state).toMatchObject({
      status: 'succeeded',
      warnings: [],
      flows: [{ run: { status: 'completed' } }],
    });
  });

  test('fails to tell now and then is waited for all the same', async () => {
    await using world = await startHurried({ jobMs: 200 });
    for (const nth of [1, 2, 4, 5]) world.sandbox.faults.add({ ...unknown, nth });

    const state = await run(world);

    expect(state).toMatchObject({
      status: 'succeeded',
      warnings: [],
      flows: [{ run: { status: 'completed' } }],
    });
  });

  test.each([
    ['is never known', 404, 3],
    ['is refused', 400, 1],
    ['may not be asked for any more', 401, 2],
  ])('%s is left open, and the clone succeeds with a warning', async (_, status, calls) => {
    await using world = await startHurried();
    world.sandbox.faults.add({ ...unknown, status });

    const state = await run(world);

    const jobId = state.flows?.[0]?.run?.jobId;
    expect(state).toMatchObject({ status: 'succeeded', errors: [] });
    expect(state.warnings).toEqual([
      {
        code: 'run_unknown',
        message: expect.stringMatching(new RegExp(`flow "Flow 1".*job ${jobId}.*\\(${status}\\)`)),
        type: 'flow',
        sourceId: idOf('flow'),
      },
    ]);
    expect(state.flows?.map((flow) => flow.run)).toEqual([{ jobId, status: 'queued' }]);
    expect(world.target('flows')).toMatchObject([{ disabled: false }]);
    expect(looks(world)).toBe(calls);
  });

  test('is looked at no more often where the host suspends in between', async () => {
    await using world = await startWorld();
    world.sandbox.faults.add(unknown);
    const { clock } = world.ports;
    let slept = 0;
    world.ports.clock = {
      ...clock,
      monotonic: () => clock.monotonic() + slept,
      // What is given a signal is the heartbeat.
      sleep: async (ms, signal) => {
        if (signal) return clock.sleep(ms, signal);
        slept += 20_000;
      },
    };
    const request = cloneRequest.parse(world.request({ activate: true, run: true }));
    const createdAt = new Date(clock.now()).toISOString();
    await world.ports.clones.create(
      world.engine.newCloneRecord({ cloneId: 'one', keyId: 'k', request, createdAt }),
    );
    const advance = (): Promise<Advance> => world.engine.advance(world.ports, 'one', 60_000);

    expect([await advance(), looks(world)]).toEqual([{ next: 'later', seconds: 5 }, 2]);
    expect([await advance(), looks(world)]).toEqual([{ next: 'stop', status: 'succeeded' }, 3]);
  });

  test('can not be looked at for trouble of our own is looked at by the next try', async () => {
    await using world = await startHurried();
    const { accounts } = world.ports;
    const trouble = new FlowferryError('storage_unavailable', 'The table is away.');
    world.ports.accounts = {
      open: async (name, options) =>
        Object.assign(await accounts.open(name, options), { job: () => Promise.reject(trouble) }),
    };

    await expect(run(world)).rejects.toBe(trouble);

    expect((await world.ports.clones.get('clone-1'))?.status).toBe('running');
    world.ports.accounts = accounts;
    expect(await world.resume('clone-1')).toMatchObject({
      status: 'succeeded',
      warnings: [],
      flows: [{ run: { status: 'completed' } }],
    });
  });
});
