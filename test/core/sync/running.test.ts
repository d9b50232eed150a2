import { describe, expect, test } from '@jest/globals';
import type { SyncInput } from '../../../core/model/sync.ts';
import { beginRun } from '../../../core/sync/index.ts';
import { definition, TENANTS, tenant, useWorld } from './world.ts';

const world = useWorld();

const everybody = (more: Partial<SyncInput> = {}): Partial<SyncInput> => ({
  targets: TENANTS.map((account) => tenant(account)),
  ...more,
});

/** A tenant whose account refuses every creation, for good. */
function broken(account: string): void {
  world.harness.sandbox.faults.add({
    account,
    method: 'POST',
    path: /\/(exports|scripts)$/,
    always: true,
    effect: 'status',
    status: 422,
    code: 'invalid_ref',
  });
}

describe('a run over many tenants', () => {
  test('reads the source once, whatever their number', async () => {
    const { run, targets } = await world.runWith(everybody());
    const perRun = world.harness.sandbox.calls('blueprint').length;
    world.harness.sandbox.resetCalls();
    await world.runWith({}, 'apply');

    expect(run.status).toBe('succeeded');
    expect(Object.values(targets).map(({ status }) => status)).toEqual(TENANTS.map(() => 'changed'));
    expect(world.harness.sandbox.calls('blueprint').length).toBe(perRun);
    for (const account of TENANTS) expect(world.documents('flows', account)).toHaveLength(4);
  });

  test('ends for the others when one tenant fails for good, and names the failure', async () => {
    broken('beta');

    const { run, targets } = await world.runWith(everybody({ stopAtFailureShare: 1 }));

    expect(run.status).toBe('partial');
    expect(targets['beta']).toMatchObject({
      status: 'failed',
      error: { code: 'upstream_failed', message: expect.stringContaining('invalid_ref') },
    });
    expect(targets['beta']?.cloneId).toMatch(/^run-.*-beta$/);
    for (const account of ['acme', 'gamma', 'delta']) expect(targets[account]?.status).toBe('changed');
    expect(world.documents('exports', 'beta')).toEqual([]);
  });

  test('leaves the others alone once too many have failed', async () => {
    broken('acme');

    const { run, targets } = await world.runWith(everybody({ concurrency: 1, stopAtFailureShare: 0.2 }));

    expect(run.status).toBe('failed');
    expect(targets['acme']?.status).toBe('failed');
    for (const account of ['beta', 'gamma', 'delta']) {
      expect(targets[account]).toMatchObject({ status: 'skipped', error: { code: 'too_many_failures' } });
      expect(world.documents('flows', account)).toEqual([]);
    }
  });

  test('ends with the canary where that one fails', async () => {
    broken('acme');

    const { targets } = await world.runWith(everybody({ canary: 1, stopAtFailureShare: 1 }));

    expect(targets['acme']?.status).toBe('failed');
    for (const account of ['beta', 'gamma', 'delta']) {
      expect(targets[account]).toMatchObject({ status: 'skipped', error: { code: 'canary_failed' } });
    }
  });

  test('goes on after a canary that did well', async () => {
    const { run } = await world.runWith(everybody({ canary: 1, concurrency: 2 }));

    expect(run.status).toBe('succeeded');
  });

  test('passes a paused tenant by', async () => {
    const targets = [tenant('acme', { paused: true }), tenant('beta')];

    const outcome = await world.runWith({ targets });

    expect(outcome.run.status).toBe('succeeded');
    expect(outcome.targets['acme']).toMatchObject({ status: 'skipped', error: { code: 'paused' } });
    expect(world.documents('flows', 'acme')).toEqual([]);
    expect(world.documents('flows', 'beta')).toHaveLength(4);
  });

  test('takes only the tenants that were asked for', async () => {
    await world.sync.put(definition(everybody()));

    const { targets } = await world.sync.run({ targets: ['gamma'] });

    expect(Object.keys(targets)).toEqual(['gamma']);
  });

  test('says of every tenant that the source could not be read', async () => {
    world.harness.sandbox.faults.add({
      account: 'blueprint',
      always: true,
      effect: 'status',
      status: 401,
    });

    const { run, targets } = await world.runWith(everybody());

    expect(run).toMatchObject({ status: 'failed', error: { code: 'account_unauthorized' } });
    for (const account of TENANTS) {
      expect(targets[account]).toMatchObject({ status: 'failed', error: { code: 'account_unauthorized' } });
    }
  });

  test('says by our code, and of which tenant, that a token was refused', async () => {
    world.harness.sandbox.faults.add({ account: 'beta', always: true, effect: 'status', status: 401 });

    const { targets } = await world.runWith(everybody());

    expect(targets['beta']).toMatchObject({ status: 'failed', error: { code: 'account_unauthorized' } });
    expect(targets['beta']?.error?.message).toContain('in the account "beta"');
  });

  test('uses what a tenant maps instead of copying it, though the source was read for all', async () => {
    const own = { _id: '5f00900000000000000000aa', name: 'My countries' };
    world.harness.sandbox.load('beta', { lookupcaches: [own] } as never);
    const cache = world.named('lookupcaches', 'Countries', 'blueprint')._id;
    const targets = [tenant('acme'), tenant('beta', { idMap: { [cache]: own._id } })];

    const outcome = await world.runWith({ targets });

    expect(outcome.run.status).toBe('succeeded');
    expect(world.documents('lookupcaches', 'acme')).toHaveLength(1);
    expect(world.documents('lookupcaches', 'beta').map(({ name }) => name)).toEqual(['My countries']);
  });
});

describe('a report', () => {
  test('tells what a run would do, and writes nothing anywhere', async () => {
    await world.runWith({});
    world.edit('exports', 'Get items', (document) => {
      document['description'] = 'mine';
    });
    world.editSource('flows', 'Orders by night', (flow) => {
      flow['schedule'] = '? 0 3 ? * *';
    });
    world.harness.sandbox.resetCalls();
    const { ledger, clones } = world.harness.ports;
    const [pair] = await ledger.pairsOf('us:5f0000000000000000000002');
    const rows = async () => {
      const all = [];
      if (pair) for await (const page of ledger.allRows(pair)) all.push(...page);
      return all;
    };
    const before = await rows();

    const { run, targets } = await world.runWith({}, 'report');

    expect(run).toMatchObject({ mode: 'report', status: 'succeeded' });
    expect(targets['acme']).toMatchObject({ status: 'changed', applied: 1, kept: 1 });
    expect(targets['acme']?.drift).toEqual([
      expect.objectContaining({ type: 'export', path: '/description', movedBy: 'target' }),
      expect.objectContaining({ type: 'flow', path: '/schedule', movedBy: 'source' }),
    ]);
    expect(world.harness.sandbox.calls().every(({ method }) => method === 'GET')).toBe(true);
    expect(await rows()).toEqual(before);
    expect((await clones.listByTarget('acme', { limit: 10 })).records).toHaveLength(1);
    expect(world.named('flows', 'Orders by night')['schedule']).toBe('? 5 0,12 ? * *');
  });

  test('into an empty account lists what would be made', async () => {
    const { targets } = await world.runWith({}, 'report');

    expect(targets['acme']).toMatchObject({ status: 'changed', applied: 17 });
    expect(world.documents('flows')).toEqual([]);
  });
});

describe('a run that is canceled', () => {
  test('stops what is under way and skips the rest', async () => {
    await world.sync.put(definition(everybody({ concurrency: 1 })));
    const { ports } = world.sync;
    const sync = await ports.syncs.get('nightly');
    if (!sync) throw new Error('no sync');
    const origin = { trigger: 'request' as const, time: 5_000, salt: 'one' };
    const { runId } = await beginRun(ports, sync, { mode: 'apply' }, origin);
    await ports.syncs.changeRun('nightly', runId, (run) => ({ ...run, canceled: true }));

    const { run, targets } = await world.sync.goOn(runId);

    expect(run.status).toBe('failed');
    for (const account of TENANTS) {
      expect(targets[account]).toMatchObject({ status: 'skipped', error: { code: 'canceled' } });
    }
  });

  test('begun twice for one moment is one run', async () => {
    await world.sync.put(definition());
    const { ports } = world.sync;
    const sync = await ports.syncs.get('nightly');
    if (!sync) throw new Error('no sync');
    const origin = { trigger: 'schedule' as const, time: 5_000, salt: 'nightly' };

    const [one, other] = await Promise.all([
      beginRun(ports, sync, { mode: 'apply' }, origin),
      beginRun(ports, sync, { mode: 'apply' }, origin),
    ]);

    expect(one.runId).toBe(other.runId);
    expect((await ports.syncs.listRuns('nightly', { limit: 10 })).runs).toHaveLength(1);
  });
});

describe('events', () => {
  test('tell of every run, and of drift that a tenant caused', async () => {
    await world.runWith({});
    world.edit('exports', 'Get items', (document) => {
      document['description'] = 'mine';
    });
    await world.runWith({});

    const { events } = world.sync;
    expect(events.map(({ type }) => type)).toEqual(['Sync Completed', 'Drift Detected', 'Sync Completed']);
    expect(events[1]?.detail).toMatchObject({ sync: 'nightly', account: 'acme', paths: 1, resources: 1 });
    expect(events[2]?.detail).toMatchObject({ status: 'succeeded', mode: 'apply' });
    expect(JSON.stringify(events)).not.toContain('mine');
  });
});
