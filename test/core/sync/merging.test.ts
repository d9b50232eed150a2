import { describe, expect, test } from '@jest/globals';
import type { Json, JsonObject } from '../../../core/model/resource.ts';
import { definition, one, tenant, useWorld } from './world.ts';

const world = useWorld();

const EXPORT = 'Get items';

function setUri(uri: string): (document: JsonObject) => void {
  return (document) => {
    document['http'] = { ...(document['http'] as JsonObject), relativeURI: uri };
  };
}

function setMember(name: string, value: Json): (document: JsonObject) => void {
  return (document) => {
    document[name] = value;
  };
}

function branchesOf(flow: JsonObject): JsonObject[] {
  return (flow['routers'] as { branches: JsonObject[] }[]).flatMap(({ branches }) => branches);
}

function uri(account = 'acme'): Json | undefined {
  return (world.named('exports', EXPORT, account)['http'] as JsonObject)['relativeURI'];
}

describe('the first run into a tenant', () => {
  test('makes everything, asleep, and counts what it made', async () => {
    const result = await world.step();

    expect(result).toMatchObject({ status: 'changed', applied: 17, kept: 0, conflicts: [] });
    expect(result.drift).toHaveLength(17);
    expect(world.documents('flows')).toHaveLength(4);
    expect(world.documents('flows').every((flow) => flow['disabled'] === true)).toBe(true);
  });

  test('finds what an earlier clone made and makes nothing twice', async () => {
    await world.harness.clone({
      source: { account: 'blueprint', flowIds: definition().source.flowIds ?? [] },
      ...{ target: { account: 'acme' }, connectionMap: tenant('acme').connectionMap ?? {} },
    });

    const result = await world.step();

    expect(result).toMatchObject({ status: 'in-step', applied: 0 });
    expect(world.documents('flows')).toHaveLength(4);
  });
});

describe('a run that finds nothing changed', () => {
  test('asks both accounts who they are and for list pages, and writes nothing', async () => {
    for (const { name } of world.documents('scripts', 'blueprint')) {
      world.editSource('scripts', String(name), () => undefined);
    }
    await world.step();
    await world.sync.run();
    world.harness.sandbox.resetCalls();

    const result = one(await world.sync.run());

    const asked = (account: string): string[] =>
      world.harness.sandbox
        .calls(account)
        .map(({ method, path }) => `${method} ${path}`)
        .sort();
    const lists = ['asynchelpers', 'connections', 'exports', 'flows', 'imports', 'integrations'];
    const all = [...lists, 'lookupcaches', 'scripts', 'tokenInfo'].map((path) => `GET /v1/${path}`);
    expect(result).toMatchObject({ status: 'in-step', applied: 0, kept: 0, drift: [] });
    expect(asked('acme')).toEqual(all);
    // Exports that only an async helper names are looked for once that is known.
    expect([...new Set(asked('blueprint'))]).toEqual(all);
  });
});

describe('a run after one that made everything and woke it', () => {
  test('learns from list pages alone that its own writing moved the times', async () => {
    await world.step({ targets: [tenant('acme', { activate: true })] });
    world.harness.sandbox.resetCalls();

    const result = one(await world.sync.run());

    const calls = world.harness.sandbox.calls('acme');
    expect(result).toMatchObject({ status: 'in-step', applied: 0, kept: 0, drift: [] });
    expect(calls.filter(({ method, path }) => method !== 'GET' || /[0-9a-f]{24}/.test(path))).toEqual([]);
  });
});

describe('who moved what', () => {
  test('a change of the source alone is applied, and only where it is', async () => {
    await world.step();
    world.editSource('exports', EXPORT, setUri('/v2/items'));
    world.harness.sandbox.resetCalls();

    const result = one(await world.sync.run());

    expect(result).toMatchObject({ status: 'changed', applied: 1, kept: 0 });
    expect(result.drift).toEqual([
      expect.objectContaining({ type: 'export', path: '/http/relativeURI', movedBy: 'source' }),
    ]);
    expect(uri()).toBe('/v2/items');
    expect(world.harness.sandbox.calls('acme').filter(({ method }) => method !== 'GET')).toHaveLength(1);
  });

  test('a change of the tenant alone is kept, told, and told again at the next run', async () => {
    await world.step();
    world.edit('exports', EXPORT, setUri('/mine'));

    const first = one(await world.sync.run());
    const second = one(await world.sync.run());

    for (const result of [first, second]) {
      expect(result).toMatchObject({ status: 'in-step', applied: 0, kept: 1 });
      expect(result.drift).toEqual([
        expect.objectContaining({ path: '/http/relativeURI', movedBy: 'target' }),
      ]);
    }
    expect(uri()).toBe('/mine');
  });

  test('changes of both in one document meet in it, and neither is lost', async () => {
    await world.step();
    world.edit('exports', EXPORT, setUri('/mine'));
    world.edit('exports', EXPORT, setMember('pageSize', 7));
    world.editSource('exports', EXPORT, setMember('description', 'Items of an order'));

    const result = one(await world.sync.run());

    expect(result).toMatchObject({ status: 'changed', applied: 1, kept: 2, conflicts: [] });
    expect(world.named('exports', EXPORT)).toMatchObject({
      description: 'Items of an order',
      pageSize: 7,
      http: { relativeURI: '/mine' },
    });
  });

  test('the same change on both sides is neither applied nor kept', async () => {
    await world.step();
    world.edit('exports', EXPORT, setUri('/same'));
    world.editSource('exports', EXPORT, setUri('/same'));

    const result = one(await world.sync.run());

    expect(result).toMatchObject({ status: 'in-step', applied: 0, kept: 0, drift: [] });
  });

  test('a tenant that writes what the source had long before has moved all the same', async () => {
    world.editSource('exports', EXPORT, setUri('/first'));
    await world.step();
    world.editSource('exports', EXPORT, setUri('/second'));
    world.edit('exports', EXPORT, setUri('/second'));
    await world.sync.run();
    world.edit('exports', EXPORT, setUri('/first'));
    world.editSource('exports', EXPORT, setUri('/third'));

    const result = one(await world.sync.run());

    expect(result.conflicts).toEqual([expect.objectContaining({ resolution: 'keep-target' })]);
    expect(uri()).toBe('/first');
  });

  test('a tenant that takes its change back costs one look and is forgotten', async () => {
    await world.step();
    world.edit('exports', EXPORT, setUri('/mine'));
    await world.sync.run();
    world.edit('exports', EXPORT, setUri('/orders'));
    await world.sync.run();
    world.harness.sandbox.resetCalls();

    const result = one(await world.sync.run());

    expect(result).toMatchObject({ status: 'in-step', kept: 0 });
    expect(world.harness.sandbox.calls('acme').filter(({ path }) => /exports\/./.test(path))).toEqual([]);
  });

  test('enabling a flow is no drift and stays', async () => {
    await world.step();
    world.edit('flows', 'Orders by night', setMember('disabled', false));
    world.editSource('flows', 'Orders by night', setMember('schedule', '? 0 3 ? * *'));

    const result = one(await world.sync.run());

    expect(result).toMatchObject({ status: 'changed', applied: 1, kept: 0 });
    expect(world.named('flows', 'Orders by night')).toMatchObject({
      disabled: false,
      schedule: '? 0 3 ? * *',
    });
  });

  test("a step that the tenant put into a flow stays when the source's flow changes elsewhere", async () => {
    await world.step();
    const own = world.named('imports', 'Archive orders')._id;
    world.edit('flows', 'Orders by night', (flow) => {
      const steps = flow['pageProcessors'] as Json[];
      flow['pageProcessors'] = [...steps, { type: 'import', _importId: own }];
    });
    world.editSource('flows', 'Orders by night', (flow) => {
      flow['pageProcessors'] = (flow['pageProcessors'] as Json[]).slice(1);
    });

    const result = one(await world.sync.run());

    const steps = world.named('flows', 'Orders by night')['pageProcessors'] as JsonObject[];
    expect(result.conflicts).toEqual([]);
    expect(steps.map(({ _importId }) => _importId)).toEqual([
      world.named('imports', 'Post orders')._id,
      world.named('imports', 'Feed orders')._id,
      own,
    ]);
  });

  test('ids of branches, which the server made, stay when a branch changes in the source', async () => {
    await world.step();
    const branches = () => branchesOf(world.named('flows', 'Orders by branch'));
    const before = branches().map(({ branchId }) => branchId);
    world.editSource('flows', 'Orders by branch', (flow) => {
      for (const branch of branchesOf(flow).slice(0, 1)) branch['description'] = 'within the union';
    });

    await world.sync.run();

    expect(branches()[0]).toMatchObject({ description: 'within the union' });
    expect(branches().map(({ branchId }) => branchId)).toEqual(before);
  });

  test('a new resource of the source comes along with what names it', async () => {
    await world.step();
    const added = {
      ...world.named('exports', EXPORT, 'blueprint'),
      _id: '5f00e0000000000000000099',
      name: 'Get stock',
    };
    world.harness.sandbox.load('blueprint', { exports: [added] } as never);
    world.editSource('flows', 'Orders by night', (flow) => {
      const steps = flow['pageProcessors'] as Json[];
      flow['pageProcessors'] = [...steps, { type: 'export', _exportId: added._id }];
    });

    const result = one(await world.sync.run());

    const copy = world.named('exports', 'Get stock');
    expect(result).toMatchObject({ status: 'changed', applied: 2, kept: 0 });
    const steps = world.named('flows', 'Orders by night')['pageProcessors'] as JsonObject[];
    expect(steps.at(-1)).toMatchObject({ _exportId: copy._id });
  });

  test("a script's text is merged as one value, with the ids in it rewritten", async () => {
    await world.step();
    const orders = world.named('exports', 'Get orders')._id;
    world.editSource('scripts', 'Merge orders', (script) => {
      script['content'] = `${String(script['content'])}\n// the second version`;
    });

    const result = one(await world.sync.run());

    expect(result).toMatchObject({ status: 'changed', applied: 1 });
    expect(String(world.named('scripts', 'Merge orders')['content'])).toContain(
      `/v1/exports/${orders}/invoke`,
    );
    expect(String(world.named('scripts', 'Merge orders')['content'])).toContain('// the second version');
  });

  test("the tenant's sample data, and what else does not travel, stays", async () => {
    await world.step();
    world.edit('exports', EXPORT, (document) => {
      document['sampleData'] = '{"mine": true}';
      document['aiDescription'] = { summary: 'described here' };
    });
    world.editSource('exports', EXPORT, setUri('/v2/items'));

    await world.sync.run();

    expect(world.named('exports', EXPORT)).toMatchObject({
      sampleData: '{"mine": true}',
      aiDescription: { summary: 'described here' },
      http: { relativeURI: '/v2/items' },
    });
  });
});

describe('a conflict', () => {
  async function conflict(onConflict: 'keep-target' | 'take-source' | 'fail' | 'by-line') {
    const policy =
      onConflict === 'by-line'
        ? [{ type: 'export' as const, path: '/http', policy: 'take-source' as const }]
        : onConflict;
    await world.step({ onConflict: policy });
    world.edit('exports', EXPORT, setUri('/mine'));
    world.editSource('exports', EXPORT, setUri('/theirs'));
    return one(await world.sync.run());
  }

  test('is kept for the target by default, told once, and not again until a side moves', async () => {
    const first = await conflict('keep-target');
    const second = one(await world.sync.run());
    world.editSource('exports', EXPORT, setUri('/theirs/again'));
    const third = one(await world.sync.run());

    expect(first).toMatchObject({ status: 'conflict', applied: 0, kept: 1 });
    expect(first.conflicts).toEqual([
      expect.objectContaining({ type: 'export', path: '/http/relativeURI', resolution: 'keep-target' }),
    ]);
    expect(second).toMatchObject({ status: 'in-step', kept: 1, conflicts: [] });
    expect(third.conflicts).toHaveLength(1);
    expect(uri()).toBe('/mine');
  });

  test('that was kept for the target is told again when the tenant moves on', async () => {
    await conflict('keep-target');
    await world.sync.run();
    world.edit('exports', EXPORT, setUri('/mine/again'));

    const moved = one(await world.sync.run());
    const after = one(await world.sync.run());

    expect(moved.conflicts).toEqual([
      expect.objectContaining({ path: '/http/relativeURI', resolution: 'keep-target' }),
    ]);
    expect(after).toMatchObject({ status: 'in-step', kept: 1, conflicts: [] });
    expect(uri()).toBe('/mine/again');
  });

  test.each(['take-source', 'by-line'] as const)('is settled for the source: %s', async (onConflict) => {
    const result = await conflict(onConflict);

    expect(result.conflicts).toEqual([expect.objectContaining({ resolution: 'take-source' })]);
    expect(uri()).toBe('/theirs');
  });

  test('fails the target, with nothing written, where the sync says so', async () => {
    world.editSource('exports', 'Get orders', setMember('description', 'first'));
    await world.step({ onConflict: 'fail' });
    world.editSource('exports', 'Get orders', setMember('description', 'second'));
    world.edit('exports', EXPORT, setUri('/mine'));
    world.editSource('exports', EXPORT, setUri('/theirs'));
    world.harness.sandbox.resetCalls();

    const result = one(await world.sync.run());

    expect(result).toMatchObject({ status: 'failed', error: { code: 'sync_conflict' } });
    expect(result.conflicts).toEqual([
      expect.objectContaining({ path: '/http/relativeURI', resolution: 'failed' }),
    ]);
    expect(world.harness.sandbox.calls('acme').every(({ method }) => method === 'GET')).toBe(true);
    expect(world.named('exports', 'Get orders')['description']).toBe('first');
  });
});

describe('overrides', () => {
  const patched = (value: string): Partial<ReturnType<typeof tenant>> => ({
    overrides: [
      {
        select: { type: 'export', name: EXPORT },
        patch: [{ op: 'replace', path: '/http/relativeURI', value }],
      },
    ],
  });

  test("count as the tenant's own: a change of the source does not touch them", async () => {
    const targets = [tenant('acme', patched('/tenant'))];
    await world.step({ targets });
    world.editSource('exports', EXPORT, setUri('/v2/items'));

    const result = one(await world.sync.run());

    expect(uri()).toBe('/tenant');
    expect(result.conflicts).toEqual([]);
  });

  test('that are new, or changed, are applied whatever the copy holds there', async () => {
    await world.step();
    world.edit('exports', EXPORT, setUri('/by hand'));

    await world.step({ targets: [tenant('acme', patched('/one'))] });
    const first = uri();
    await world.step({ targets: [tenant('acme', patched('/two'))] });

    expect([first, uri()]).toEqual(['/one', '/two']);
  });

  test('that are dropped leave the place to the source again', async () => {
    const other = {
      select: { type: 'export' as const, name: 'Get orders' },
      patch: [{ op: 'add' as const, path: '/description', value: 'ours' }],
    };
    await world.step({ targets: [tenant('acme', patched('/tenant'))] });

    await world.step({ targets: [tenant('acme', { overrides: [other] })] });

    expect(uri()).toBe('/orders');
  });

  test('that are dropped to the last one leave the place to the source again, for good', async () => {
    await world.step({ targets: [tenant('acme', patched('/tenant'))] });
    await world.sync.run();

    const dropped = await world.step({ targets: [tenant('acme')] });
    const idle = one(await world.sync.run());

    expect(dropped).toMatchObject({ status: 'changed', applied: 1, kept: 0, conflicts: [] });
    expect(idle).toMatchObject({ status: 'in-step', applied: 0, kept: 0 });
    expect(uri()).toBe('/orders');
  });

  test('that are dropped after a run which only noted them leave the place, too', async () => {
    await world.step();
    world.edit('exports', EXPORT, setUri('/tenant'));
    await world.step({ targets: [tenant('acme', patched('/tenant'))] });

    const dropped = await world.step({ targets: [tenant('acme')] });

    expect(dropped).toMatchObject({ status: 'changed', applied: 1, conflicts: [] });
    expect(uri()).toBe('/orders');
  });

  test('of an earlier clone are remembered, and kept by a sync that has none', async () => {
    await world.harness.clone({
      source: { account: 'blueprint', flowIds: definition().source.flowIds ?? [] },
      target: { account: 'acme' },
      connectionMap: tenant('acme').connectionMap ?? {},
      ...patched('/of the clone'),
    } as never);
    world.editSource('exports', EXPORT, setUri('/v2/items'));

    const result = await world.step();
    world.editSource('exports', EXPORT, setUri('/v3/items'));
    await world.sync.run();

    expect(result.conflicts).toEqual([]);
    expect(uri()).toBe('/of the clone');
  });

  test('that do not apply fail the target and write nothing', async () => {
    await world.step();
    world.editSource('exports', EXPORT, setUri('/v2/items'));
    const overrides = [
      {
        select: { type: 'export' as const, name: EXPORT },
        patch: [{ op: 'replace' as const, path: '/nowhere/at/all', value: 1 }],
      },
    ];

    const result = await world.step({ targets: [tenant('acme', { overrides })] });

    expect(result).toMatchObject({ status: 'failed', error: { code: 'override_failed' } });
    expect(uri()).toBe('/orders');
  });
});

describe('activate', () => {
  test('wakes what a run makes, and never what the tenant put to sleep', async () => {
    const targets = [tenant('acme', { activate: true })];
    await world.step({ targets });
    const awake = world.documents('flows').filter((flow) => flow['disabled'] !== true);
    world.edit('flows', 'Orders by night', setMember('disabled', true));

    await world.step({ targets });

    expect(awake).toHaveLength(3);
    expect(world.named('flows', 'Orders by night')['disabled']).toBe(true);
  });
});
