import { describe, expect, test } from '@jest/globals';
import type { RunRequest, SyncInput } from '../../../core/model/sync.ts';
import { advanceRun, beginRun, childIdOf, type SyncPorts } from '../../../core/sync/index.ts';
import { IDS } from '../../support/blueprint.ts';
import { definition, tenant, useWorld } from './world.ts';

const world = useWorld();

const [LEGACY, LINEAR, BRANCHING] = IDS.flows;

/** Two tenants, one at a time: when `acme` has had its turn in a run, `beta` still waits for its own. */
const both = (more: Partial<SyncInput> = {}): SyncInput =>
  definition({ targets: [tenant('acme'), tenant('beta')], concurrency: 1, ...more });

/** Brings a run of the sync as it stands into being; `time` says which is the newer of two. */
async function begin(time: number, request: Partial<RunRequest> = {}, salt = 'run'): Promise<string> {
  const { syncs } = world.sync.ports;
  const sync = await syncs.get('nightly');
  if (!sync) throw new Error('no sync');
  const origin = { trigger: 'request' as const, time, salt };
  return (await beginRun(world.sync.ports, sync, { mode: 'apply', ...request }, origin)).runId;
}

/** One look of a run at its targets: the source is read, and the first target carried through to its end. */
async function firstTurn(runId: string): Promise<void> {
  const ports: SyncPorts = { ...world.sync.ports, worker: { start: carryThrough } };
  await advanceRun(ports, 'nightly', runId, 1);
}

async function carryThrough(cloneId: string): Promise<void> {
  while ((await world.harness.engine.advance(world.sync.ports, cloneId, 60_000)).next !== 'stop');
}

function describeSource(description: string): void {
  world.editSource('exports', 'Get items', (document) => {
    document['description'] = description;
  });
}

const described = (): unknown[] =>
  ['acme', 'beta'].map((account) => world.named('exports', 'Get items', account)['description']);

describe('a run that a newer one has overtaken', () => {
  test('does not bring a target back to the source that it read before', async () => {
    await world.runWith(both());
    describeSource('old');
    const older = await begin(5_000);
    await firstTurn(older);
    describeSource('new');
    const newer = await world.sync.goOn(await begin(6_000));

    const { run, targets } = await world.sync.goOn(older);

    expect(newer.run.status).toBe('succeeded');
    expect(described()).toEqual(['new', 'new']);
    expect(targets['acme']).toMatchObject({ status: 'changed' });
    expect(targets['beta']).toMatchObject({
      status: 'skipped',
      applied: 0,
      error: { code: 'superseded', message: expect.stringContaining(newer.run.runId) },
    });
    expect(run.status).toBe('succeeded');
  });

  test('prunes nothing that the newer one made', async () => {
    const few = { account: 'blueprint', flowIds: [LEGACY, LINEAR, BRANCHING] };
    await world.runWith(both({ source: few, prune: 'delete' }));
    const older = await begin(5_000);
    await firstTurn(older);
    await world.sync.put(both({ prune: 'delete' }));
    await world.sync.goOn(await begin(6_000));

    const { targets } = await world.sync.goOn(older);

    expect(targets['beta']).toMatchObject({ status: 'skipped', error: { code: 'superseded' } });
    expect(['acme', 'beta'].map((account) => world.documents('flows', account).length)).toEqual([4, 4]);
  });

  test('leaves a target alone in which the newer one has not begun yet', async () => {
    await world.sync.put(both());
    const older = await begin(5_000);
    await begin(6_000);

    const { run, targets } = await world.sync.goOn(older);

    expect(Object.values(targets).map(({ status }) => status)).toEqual(['skipped', 'skipped']);
    expect(run.status).toBe('succeeded');
    // Not even begun: no clone had to find it out.
    expect(await world.harness.ports.clones.get(childIdOf(older, 'acme'))).toBeUndefined();
    expect(world.documents('flows', 'acme')).toEqual([]);
  });

  test('stops in a clone that has begun to wait for its turn, before it plans', async () => {
    await world.runWith(both());
    describeSource('old');
    const older = await begin(5_000);
    const started: string[] = [];
    const worker = { start: async (cloneId: string) => void started.push(cloneId) };
    await advanceRun({ ...world.sync.ports, worker }, 'nightly', older, 1);
    describeSource('new');
    await world.sync.goOn(await begin(6_000));
    world.harness.sandbox.resetCalls();
    await carryThrough(childIdOf(older, 'acme'));

    const { run, targets } = await world.sync.goOn(older);

    expect(started).toEqual([childIdOf(older, 'acme')]);
    expect(targets['acme']).toMatchObject({
      status: 'skipped',
      cloneId: childIdOf(older, 'acme'),
      error: { code: 'superseded' },
    });
    expect(world.harness.sandbox.calls().every(({ method }) => method === 'GET')).toBe(true);
    expect(await world.harness.ports.clones.getPart(childIdOf(older, 'acme'), 'plan')).toBeUndefined();
    expect(described()).toEqual(['new', 'new']);
    expect(run.status).toBe('succeeded');
  });

  test('comes to the same when its process dies between the result and the record', async () => {
    await world.sync.put(both());
    const older = await begin(5_000);
    await firstTurn(older);
    await world.sync.goOn(await begin(6_000));
    const { ports } = world.sync;
    const died = new Error('died');
    const syncs: SyncPorts['syncs'] = {
      ...ports.syncs,
      changeRun: async (sync, runId, change) => {
        const stored = await ports.syncs.changeRun(sync, runId, (run) => run);
        if (stored?.targets[0]?.state === 'ended' && change(stored).targets[1]?.state === 'ended') throw died;
        return ports.syncs.changeRun(sync, runId, change);
      },
    };

    const killed = await advanceRun({ ...ports, syncs }, 'nightly', older, 60_000).catch((error) => error);
    const { run, targets } = await world.sync.goOn(older);

    expect(killed).toBe(died);
    expect(targets['beta']).toMatchObject({ status: 'skipped', error: { code: 'superseded' } });
    expect(run.status).toBe('succeeded');
  });

  test('is the one with the lesser id where both were begun in the same millisecond', async () => {
    await world.sync.put(both());
    const ids = [await begin(5_000, {}, 'one'), await begin(5_000, {}, 'two')].sort();

    const outcomes = await Promise.all(ids.map((runId) => world.sync.goOn(runId)));

    expect(outcomes.map(({ targets }) => Object.values(targets).map(({ status }) => status))).toEqual([
      ['skipped', 'skipped'],
      ['changed', 'changed'],
    ]);
  });

  test('is found behind any number of newer ones that do not have the target', async () => {
    await world.sync.put(both());
    const older = await begin(5_000);
    await begin(6_000, { targets: ['beta'] });
    for (let time = 7_000; time < 7_007; time += 1) await begin(time, { mode: 'report' });

    const { targets } = await world.sync.goOn(older);

    expect(targets['acme']?.status).toBe('changed');
    expect(targets['beta']).toMatchObject({ status: 'skipped', error: { code: 'superseded' } });
  });
});

describe('a run goes on although there is a newer one', () => {
  test.each<[string, Partial<RunRequest>]>([
    ['that only reports', { mode: 'report' }],
    ['for another target', { targets: ['beta'] }],
  ])('%s', async (_, request) => {
    await world.sync.put(both());
    const older = await begin(5_000, { targets: ['acme'] });
    await world.sync.goOn(await begin(6_000, request));

    const { targets } = await world.sync.goOn(older);

    expect(targets['acme']?.status).toBe('changed');
    expect(world.documents('flows', 'acme')).toHaveLength(4);
  });

  test('that was canceled before the turn of this target', async () => {
    await world.sync.put(both());
    const older = await begin(5_000);
    const newer = await begin(6_000);
    await firstTurn(newer);
    await world.sync.ports.syncs.changeRun('nightly', newer, (run) => ({ ...run, canceled: true }));

    const { targets } = await world.sync.goOn(older);

    expect(targets['acme']).toMatchObject({ status: 'skipped', error: { code: 'superseded' } });
    expect(targets['beta']?.status).toBe('changed');
  });

  test('that could not read its source', async () => {
    await world.sync.put(both());
    const older = await begin(5_000);
    const fault = { account: 'blueprint', always: true, effect: 'status' as const, status: 401 };
    world.harness.sandbox.faults.add(fault);
    await world.sync.goOn(await begin(6_000));
    world.harness.sandbox.faults.clear();

    const { run } = await world.sync.goOn(older);

    expect(run.status).toBe('succeeded');
    expect(world.documents('flows', 'acme')).toHaveLength(4);
  });

  test('while it writes nothing itself', async () => {
    await world.sync.put(both());
    const report = await begin(5_000, { mode: 'report' });
    await begin(6_000);

    const { targets } = await world.sync.goOn(report);

    expect(Object.values(targets).map(({ status }) => status)).toEqual(['changed', 'changed']);
  });
});
