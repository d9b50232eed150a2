import { describe, expect, test } from '@jest/globals';
import { account, cloned, codes, exporting, flow, importing, script, startWorld } from '../clone/world.ts';
import { idOf } from '../references/ids.ts';

const uri = { op: 'replace', path: '/http/relativeURI', value: '/v2/orders' } as const;

describe('Overrides', () => {
  test('change what their select fits, after everything is rewritten', async () => {
    await using world = await startWorld(
      account({
        flows: [flow(1, { pageGenerators: [1, 2].map((number) => ({ _exportId: idOf('export', number) })) })],
        exports: [exporting(1), exporting(2)],
      }),
    );

    const state = await cloned(
      world,
      world.request({
        overrides: [
          { select: { type: 'export', name: 'Export 2' }, patch: [uri] },
          { select: { sourceId: idOf('flow') }, patch: [{ op: 'add', path: '/description', value: 'ours' }] },
          { select: { type: 'flow', name: 'Another' }, patch: [{ op: 'remove', path: '/name' }] },
          {
            select: { name: 'Import 1' },
            patch: [{ op: 'copy', from: '/_connectionId', path: '/description' }],
          },
        ],
      }),
    );

    expect(world.copyOf(state, idOf('export', 1))['http']).toMatchObject({ relativeURI: '/orders' });
    expect(world.copyOf(state, idOf('export', 2))['http']).toMatchObject({ relativeURI: '/v2/orders' });
    expect(world.copyOf(state, idOf('flow'))['description']).toBe('ours');
    expect(world.copyOf(state, idOf('import'))['description']).toBe(
      world.copyOf(state, idOf('import'))['_connectionId'],
    );
  });

  test('that change later change the copy, and without them it goes back', async () => {
    await using world = await startWorld();
    const overrides = [{ select: { type: 'export' as const }, patch: [uri] }];
    const first = await cloned(world, world.request());
    const relativeURI = (): unknown =>
      (world.copyOf(first, idOf('export'))['http'] as { relativeURI: string }).relativeURI;

    await cloned(world, world.request({ overrides }));
    expect(relativeURI()).toBe('/v2/orders');
    world.sandbox.resetCalls();
    await cloned(world, world.request({ overrides }));
    expect(world.writes()).toEqual([]);
    await cloned(world, world.request());
    expect(relativeURI()).toBe('/orders');
    expect(world.writes().map(({ method }) => method)).toEqual(['PUT']);
  });

  test('that don’t apply block the plan, each of them', async () => {
    await using world = await startWorld();

    const refusal = await world.refusal(
      world.request({
        overrides: [
          { select: { type: 'export' }, patch: [{ op: 'test', path: '/name', value: 'Another' }] },
          {
            select: { type: 'import' },
            patch: [
              { op: 'remove', path: '/name' },
              { op: 'remove', path: '/nowhere' },
            ],
          },
        ],
      }),
    );

    expect(codes(refusal.problems)).toEqual([
      'override_failed /overrides/0/patch/0',
      'override_failed /overrides/1/patch/1',
    ]);
    expect(world.writes()).toEqual([]);
  });

  test.each([
    [
      'a reference',
      {
        select: { type: 'flow' as const },
        patch: [{ op: 'replace' as const, path: '/pageGenerators/0/_exportId', value: idOf('export') }],
      },
    ],
    [
      'text',
      {
        select: { type: 'script' as const },
        patch: [{ op: 'replace' as const, path: '/content', value: `'${idOf('flow')}'` }],
      },
    ],
    [
      'a key',
      {
        select: { type: 'flow' as const },
        patch: [{ op: 'add' as const, path: '/settings', value: { [idOf('import')]: 1 } }],
      },
    ],
    [
      'a mapped connection',
      {
        select: { type: 'import' as const },
        patch: [{ op: 'replace' as const, path: '/_connectionId', value: idOf('connection', 2) }],
      },
    ],
  ])('that bring an id of the source back, as %s, are caught', async (_, override) => {
    await using world = await startWorld(
      account({
        exports: [
          exporting(1, { filter: { type: 'script', script: { _scriptId: idOf('script'), function: 'f' } } }),
        ],
        scripts: [script(1, 'none')],
      }),
    );

    const refusal = await world.refusal(world.request({ overrides: [override] }));

    expect(refusal.problems).toMatchObject([{ code: 'override_failed' }]);
    expect(world.writes()).toEqual([]);
  });

  test('that bring a masked value are caught', async () => {
    await using world = await startWorld();

    const refusal = await world.refusal(
      world.request({
        overrides: [
          { select: { type: 'import' }, patch: [{ op: 'add', path: '/settings', value: { key: '******' } }] },
        ],
      }),
    );

    expect(refusal.problems).toMatchObject([{ code: 'override_failed', path: '/settings/key' }]);
  });

  test('never wake a flow, and harm nobody’s prototype', async () => {
    await using world = await startWorld(account({ imports: [importing(1)] }));

    const state = await world.clone(
      world.request({
        overrides: [
          { select: { type: 'flow' }, patch: [{ op: 'replace', path: '/disabled', value: false }] },
          { select: { type: 'import' }, patch: [{ op: 'add', path: '/__proto__/polluted', value: 1 }] },
        ],
      }),
    );

    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    if (state.status === 'succeeded') expect(world.copyOf(state, idOf('flow'))['disabled']).toBe(true);
    else expect(state.errors).toMatchObject([{ code: 'override_failed' }]);
  });
});
