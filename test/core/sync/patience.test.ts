import { expect, test } from '@jest/globals';
import { advanceRun, beginRun, type SyncPorts } from '../../../core/sync/index.ts';
import { definition, TENANTS, tenant, useWorld } from './world.ts';

const world = useWorld();

/** Ports of a day on which every pause takes four seconds. */
function slowly(): SyncPorts {
  const { ports } = world.sync;
  let passed = 0;
  const clock = {
    ...ports.clock,
    now: () => ports.clock.now(),
    monotonic: () => passed,
    sleep: async () => {
      passed += 4_000;
    },
  };
  return { ...ports, clock };
}

async function begun(ports: SyncPorts): Promise<string> {
  const targets = TENANTS.map((account) => tenant(account));
  await world.sync.put(definition({ concurrency: 1, targets }));
  const sync = await ports.syncs.get('nightly');
  if (!sync) throw new Error('no sync');
  const origin = { trigger: 'request' as const, time: 7_000, salt: 'slow' };
  return (await beginRun(ports, sync, { mode: 'apply' }, origin)).runId;
}

/** Carries every target to its end before it says that it has begun. */
function atOnce(ports: SyncPorts): SyncPorts {
  const { engine } = world.harness;
  return {
    ...ports,
    worker: {
      start: async (cloneId) => {
        while ((await engine.advance(world.harness.ports, cloneId, 60_000)).next !== 'stop');
      },
    },
  };
}

test('a run stays awake for as long as its targets end one after the other', async () => {
  const ports = atOnce(slowly());
  const runId = await begun(ports);

  const advance = await advanceRun(ports, 'nightly', runId, 600_000);

  expect(advance).toEqual({ next: 'stop', status: 'succeeded' });
});

test('a run gives the host its turn when its time is used up, and asks for no pause', async () => {
  const ports = atOnce(slowly());
  const runId = await begun(ports);

  const advance = await advanceRun(ports, 'nightly', runId, 6_000);

  expect(advance).toEqual({ next: 'again' });
});

test('a run lets the host sleep when its targets stay as they are', async () => {
  const ports = { ...slowly(), worker: { start: async () => undefined } };
  const runId = await begun(ports);

  const advance = await advanceRun(ports, 'nightly', runId, 600_000);

  expect(advance).toEqual({ next: 'later', seconds: 5 });
});
