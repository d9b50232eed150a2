import { describe, expect, test } from '@jest/globals';
import type { CloneState } from '../../../core/model/clone.ts';
import { FlowferryError } from '../../../core/model/problem.ts';
import type { Document, JsonObject } from '../../../core/model/resource.ts';
import { startHarness } from '../../support/harness.ts';
import { idOf } from '../references/ids.ts';
import { HeldCall, startStill } from './still.ts';
import {
  account,
  cloned,
  connection,
  exporting,
  flow,
  HOME,
  importing,
  integration,
  startWorld,
  theirs,
  type World,
} from './world.ts';

const INTO_HOME = { account: 'acme', integrationId: HOME };
const GROUP = idOf('flowgrouping');

/** A source whose flow is in a group of its integration. */
const grouped = (name: string): Record<string, Document[]> =>
  account({
    integrations: [integration(1, { flowGroupings: [{ _id: GROUP, name }] })],
    flows: [flow(1, { name: `Flow in ${name}`, _flowGroupingId: GROUP })],
  });

const homeOf = (documents: readonly object[]): Document =>
  documents.find((document) => '_id' in document && document._id === HOME) as Document;
const groupsOf = (home: Document): JsonObject[] => home['flowGroupings'] as JsonObject[];

/** Two sources that put flows in groups of their own into one integration of the target. */
async function startTwo(latencyMs = 0) {
  const source = (name: string, digit: string) => ({
    name,
    token: `token-${name}`,
    userId: digit.repeat(24),
    documents: grouped(name),
  });
  const there = {
    integrations: [{ _id: HOME, name: 'Home' }],
    connections: [1, 2].map((number) => ({ ...connection(number), _id: theirs(number) })),
  };
  const target = { name: 'acme', token: 'token-acme', userId: '6'.repeat(24), documents: there };
  const accounts = [source('one', '3'), source('two', '4'), target];
  const harness = await startHarness({ accounts, latencyMs });
  const request = (name: string) => ({
    source: { account: name, flowIds: [idOf('flow')] },
    target: INTO_HOME,
    connectionMap: { [idOf('connection', 1)]: theirs(1), [idOf('connection', 2)]: theirs(2) },
  });
  return { ...harness, from: request };
}

/** What could not be undone, and why. */
const left = ({ errors }: CloneState): string[] =>
  errors.map(({ code, message }) => `${code}: ${message}`).sort();

describe('undoing a clone that added a flow group to an integration of the tenant’s', () => {
  test('takes out that group alone: what the tenant did to the integration since stays', async () => {
    await using world = await startWorld(grouped('Blueprint'));
    await cloned(world, world.request({ target: INTO_HOME }));
    const mine = { _id: 'c'.repeat(24), name: 'Mine' };
    world.sandbox.edit('acme', 'integrations', HOME, (home) => {
      home['name'] = 'Home, renamed';
      home['flowGroupings'] = [...groupsOf(home as Document), mine];
    });

    const undone = await world.rollback('clone-1');

    expect(undone).toMatchObject({ status: 'rolled-back', errors: [] });
    expect(homeOf(world.target('integrations'))).toMatchObject({
      name: 'Home, renamed',
      flowGroupings: [mine],
    });
    expect(world.target('flows')).toEqual([]);
  });

  test('leaves the group where a flow of the tenant’s is in it by now', async () => {
    await using world = await startWorld(grouped('Blueprint'));
    await cloned(world, world.request({ target: INTO_HOME }));
    const groups = groupsOf(homeOf(world.target('integrations')));
    const own = {
      _id: 'd'.repeat(24),
      name: 'Own',
      _integrationId: HOME,
      _flowGroupingId: groups[0]?.['_id'],
    };
    world.sandbox.load('acme', { flows: [own] });

    const undone = await world.rollback('clone-1');

    expect(undone).toMatchObject({ status: 'rolled-back', errors: [] });
    expect(groupsOf(homeOf(world.target('integrations')))).toEqual(groups);
    expect(world.target('flows').map(({ name }) => name)).toEqual(['Own']);
  });

  test('leaves the groups that a clone of another source added since', async () => {
    await using harness = await startTwo();
    for (const name of ['one', 'two']) await harness.clone(harness.from(name));

    const undone = await harness.rollback('clone-1');

    const groups = groupsOf(homeOf(harness.sandbox.documents('acme', 'integrations')));
    expect(undone).toMatchObject({ status: 'rolled-back', errors: [] });
    expect(groups.map(({ name }) => name)).toEqual(['two']);
    expect(harness.sandbox.documents('acme', 'flows')).toMatchObject([
      { name: 'Flow in two', _flowGroupingId: groups[0]?.['_id'] },
    ]);
  });
});

test('Clones of two sources that add groups to one integration at once lose none.', async () => {
  await using harness = await startTwo(20);

  const states = await Promise.all(['one', 'two'].map((name) => harness.clone(harness.from(name))));

  const groups = groupsOf(homeOf(harness.sandbox.documents('acme', 'integrations')));
  const ids = new Map(groups.map(({ name, _id }) => [`Flow in ${name}`, _id]));
  expect(states).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
  expect(groups.map(({ name }) => name).sort()).toEqual(['one', 'two']);
  for (const { name, _flowGroupingId } of harness.sandbox.documents('acme', 'flows')) {
    expect(_flowGroupingId).toBe(ids.get(String(name)));
  }
});

describe('undoing an update', () => {
  /** A world in which a second clone has updated the flow and the export that a first one made. */
  async function updated(): Promise<World & { copy(kind: 'flow' | 'export'): string }> {
    const world = await startWorld();
    await cloned(world, world.request({ activate: true }));
    world.sandbox.edit('blueprint', 'exports', idOf('export'), (document) => {
      document['http'] = { method: 'GET', relativeURI: '/v2' };
    });
    world.sandbox.edit('blueprint', 'flows', idOf('flow'), (document) => {
      document['schedule'] = '? 30 3 ? * *';
    });
    const { idMap } = await cloned(world, world.request());
    return { ...world, copy: (kind) => idMap?.[idOf(kind)] ?? '' };
  }

  test('leaves, and tells of, what the tenant has changed since, and puts back the rest', async () => {
    await using world = await updated();
    world.sandbox.edit('acme', 'exports', world.copy('export'), (document) => {
      document['http'] = { method: 'GET', relativeURI: '/tenant' };
    });

    const undone = await world.rollback('clone-2');

    expect(undone.status).toBe('failed');
    expect(left(undone)).toEqual([
      'undo_failed: export "Export 1" could not be undone: somebody has changed it since',
    ]);
    expect(world.target('exports')).toMatchObject([{ http: { relativeURI: '/tenant' } }]);
    expect(world.target('flows')[0]).not.toHaveProperty('schedule');
  });

  test('leaves a flow asleep that the tenant has put to sleep since, whatever else is put back', async () => {
    await using world = await updated();
    world.sandbox.edit('acme', 'flows', world.copy('flow'), (document) => {
      document['disabled'] = true;
    });

    const undone = await world.rollback('clone-2');

    expect(undone).toMatchObject({ status: 'rolled-back', errors: [] });
    expect(world.target('flows')).toMatchObject([{ disabled: true }]);
    expect(world.target('flows')[0]).not.toHaveProperty('schedule');
    expect(world.target('exports')).toMatchObject([{ http: { relativeURI: '/orders' } }]);
  });

  test('leaves a flow as it is that the tenant has put to sleep and changed since', async () => {
    await using world = await updated();
    world.sandbox.edit('acme', 'flows', world.copy('flow'), (document) => {
      Object.assign(document, { disabled: true, description: 'stopped: it sent orders twice' });
    });

    const undone = await world.rollback('clone-2');

    expect(undone.status).toBe('failed');
    expect(left(undone)).toEqual([
      'undo_failed: flow "Flow 1" could not be undone: somebody has changed it since',
    ]);
    expect(world.target('flows')).toMatchObject([
      { disabled: true, description: 'stopped: it sent orders twice', schedule: '? 30 3 ? * *' },
    ]);
  });
});

test('Undoing a clone forgets what it only took over: the tenant’s own object is no copy for the next one.', async () => {
  const own = { ...importing(1), _id: 'b'.repeat(24), _connectionId: theirs(2) };
  await using world = await startWorld(account(), { imports: [own] });
  world.sandbox.faults.add({
    account: 'acme',
    method: 'POST',
    path: /flows/,
    nth: 1,
    effect: 'status',
    status: 422,
  });
  const adopting = await world.clone(world.request({ adopt: { [idOf('import')]: own._id } }));
  world.sandbox.edit('acme', 'imports', own._id, (document) => {
    document['http'] = { method: ['POST'], relativeURI: ['/mine'] };
  });

  const next = await cloned(world, world.request());

  expect(adopting.status).toBe('rolled-back');
  expect(next.idMap?.[idOf('import')]).not.toBe(own._id);
  expect(world.target('imports')).toMatchObject([
    { _id: own._id, http: { relativeURI: ['/mine'] } },
    { http: { relativeURI: ['/orders'] } },
  ]);
});

describe('undoing a clone whose copies something else has come to need', () => {
  const needed = (kind: string) =>
    `undo_failed: ${kind} 1" could not be undone: something else in the account needs it by now`;

  test('leaves the copy that a flow of the tenant’s works with, and deletes the rest', async () => {
    await using world = await startWorld();
    const { idMap } = await cloned(world, world.request());
    const _exportId = idMap?.[idOf('export')];
    const own = { _id: 'd'.repeat(24), name: 'Own', _integrationId: HOME, pageGenerators: [{ _exportId }] };
    world.sandbox.load('acme', { flows: [own] });

    const undone = await world.rollback('clone-1');

    expect(undone.status).toBe('failed');
    expect(left(undone)).toEqual([needed('export "Export')]);
    expect(world.target('exports').map(({ _id }) => _id)).toEqual([_exportId]);
    expect(world.target('imports')).toEqual([]);
    expect(world.target('flows')).toEqual([own]);
  });

  test('leaves the copies that another clone has built on, also one that was asked for earlier', async () => {
    await using world = await startWorld(account({ flows: [flow(1), flow(2)] }));
    const order = (number: number) =>
      world.order(world.request({ source: { account: 'blueprint', flowIds: [idOf('flow', number)] } }));
    const [waited, first] = [await order(2), await order(1)];
    for (const cloneId of [first, waited]) await world.finish(cloneId);

    const undone = await world.rollback(first);

    expect(undone.status).toBe('failed');
    expect(left(undone)).toEqual(
      ['export "Export', 'import "Import', 'integration "Integration'].map(needed),
    );
    expect(world.target('flows')).toMatchObject([{ name: 'Flow 2' }]);
    expect([world.target('exports'), world.target('imports')].map(({ length }) => length)).toEqual([1, 1]);
  });
});

test('A clone that lost its lease while a job ran is undone when it is canceled, and no failure is made of it.', async () => {
  const polled = new HeldCall(({ path }) => path.startsWith('/v1/jobs/'));
  const second = { pageGenerators: [{ _exportId: idOf('export', 2) }], pageProcessors: [] };
  await using world = await startStill(
    { onCall: polled.onCall, jobMs: 86_400_000 },
    account({ flows: [flow(1), flow(2, second)], exports: [exporting(1), exporting(2)] }),
  );
  const order = (number: number, more: object) =>
    world.order(
      world.request({
        source: { account: 'blueprint', flowIds: [idOf('flow', number)] },
        target: INTO_HOME,
        ...more,
      }),
    );
  const running = await order(1, { activate: true, run: true });
  const worker = world.worker();
  const step = worker(running);
  await polled.arrived;
  // The job runs on, and meanwhile nobody keeps the lease.
  world.clock.elapsed += 150_000;
  polled.letGo();
  const waits = await step;
  const other = await world.worker()(await order(2, {}));
  await world.ports.clones.wish(running, 'cancel');

  // Whichever step finds that the lease is lost, the next one takes it again.
  const steps: unknown[] = [];
  let next: unknown;
  while (next !== 'stop') {
    const step = await worker(running).catch(({ code }) => ({ next: code }));
    next = step.next;
    steps.push(step);
  }

  expect([waits, other]).toEqual([
    { next: 'later', seconds: 5 },
    { next: 'stop', status: 'succeeded' },
  ]);
  expect(steps).toContainEqual({ next: 'lease_lost' });
  expect(steps.at(-1)).toEqual({ next: 'stop', status: 'rolled-back' });
  expect(await world.stateOf(running)).toMatchObject({ errors: [{ code: 'canceled' }] });
  expect(world.target('flows')).toMatchObject([{ name: 'Flow 2' }]);
  expect(world.copies()).toEqual({ exports: 1, imports: 0, flows: 1 });
});

test('undoing goes on after it was cut off between putting a copy back and remembering that', async () => {
  await using world = await startWorld();
  await cloned(world, world.request());
  const before = world.target('exports');
  world.sandbox.edit('blueprint', 'exports', idOf('export'), (document) => {
    document['description'] = 'Newer';
  });
  await cloned(world, world.request());
  const { ledger } = world.ports;
  const record = ledger.record.bind(ledger);
  let cuts = 0;
  ledger.record = async (lease, outcomes) => {
    cuts += 1;
    if (cuts === 1) throw new FlowferryError('storage_unavailable', 'The table is out of reach.');
    return record(lease, outcomes);
  };
  await world.rollback('clone-2').catch(() => undefined);

  const undone = await world.finish('clone-2');

  expect(undone).toMatchObject({ status: 'rolled-back', errors: [] });
  expect(world.target('exports').map(({ description }) => description)).toEqual(
    before.map(({ description }) => description),
  );
});
