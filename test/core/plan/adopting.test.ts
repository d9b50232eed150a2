import { describe, expect, test } from '@jest/globals';
import type { Document } from '../../../core/model/resource.ts';
import {
  account,
  cloned,
  codes,
  connection,
  exporting,
  flow,
  HOME,
  importing,
  integration,
  script,
  startWorld,
  theirs,
} from '../clone/world.ts';
import { idOf } from '../references/ids.ts';

const MINE = ['c1', 'c2', 'c3'].map((pair) => pair.repeat(12)) as [string, string, string];

describe('Copies that nobody’s clone made', () => {
  const copies = (): Record<string, Document[]> => ({
    integrations: [{ _id: MINE[0], name: 'Integration 1' }],
    exports: [exporting(1, { _id: MINE[1], _connectionId: theirs(1), description: 'theirs' })],
    imports: [importing(1, { _id: MINE[2], _connectionId: theirs(2) })],
  });

  test('are taken over by id, brought up to date and kept in step', async () => {
    await using world = await startWorld(account(), copies());
    const adopt = {
      [idOf('integration')]: MINE[0],
      [idOf('export')]: MINE[1],
      [idOf('import')]: MINE[2],
    };

    const state = await cloned(world, world.request({ adopt }));

    expect(state.idMap).toMatchObject(adopt);
    expect(state.plan?.counts.create).toBe(1);
    expect(world.target('exports')).toHaveLength(1);
    world.sandbox.resetCalls();
    const second = await cloned(world, world.request());
    expect(second.idMap).toEqual(state.idMap);
    expect(world.writes()).toEqual([]);
  });

  test('are taken over by name', async () => {
    await using world = await startWorld(account(), copies());

    const state = await cloned(world, world.request({ adopt: 'match-name' }));

    expect(state.idMap).toMatchObject({
      [idOf('integration')]: MINE[0],
      [idOf('export')]: MINE[1],
      [idOf('import')]: MINE[2],
    });
    expect(world.target('imports')).toHaveLength(1);
  });

  test('are not taken over where two have the name', async () => {
    const there = copies();
    there['exports'] = [MINE[1], 'c4'.repeat(12)].map((_id) =>
      exporting(1, { _id, _connectionId: theirs(1) }),
    );
    await using world = await startWorld(account(), there);

    const refusal = await world.refusal(world.request({ adopt: 'match-name' }));

    expect(refusal.problems).toMatchObject([{ code: 'ambiguous_match', sourceId: idOf('export') }]);
  });

  test('are not shared by two originals, named alike or mapped alike', async () => {
    const twins = account({
      flows: [flow(1, { pageGenerators: [1, 2].map((number) => ({ _exportId: idOf('export', number) })) })],
      exports: [exporting(1), exporting(2, { name: 'Export 1' })],
    });
    await using world = await startWorld(twins, copies());
    const both = { [idOf('export', 1)]: MINE[1], [idOf('export', 2)]: MINE[1] };

    for (const adopt of ['match-name' as const, both]) {
      const refusal = await world.refusal(world.request({ adopt }));
      expect(refusal.problems).toMatchObject([
        { code: 'ambiguous_match', sourceId: idOf('export', 1) },
        { code: 'ambiguous_match', sourceId: idOf('export', 2) },
      ]);
    }
  });

  test('must exist', async () => {
    await using world = await startWorld();

    const refusal = await world.refusal(world.request({ adopt: { [idOf('export')]: MINE[1] } }));

    expect(codes(refusal.problems)).toEqual([`target_not_found /adopt/${idOf('export')}`]);
  });

  test('may take the place of a copy of ours that is gone', async () => {
    await using world = await startWorld(account(), copies());
    const first = await cloned(world, world.request());
    world.sandbox.remove('acme', 'exports', first.idMap?.[idOf('export')] ?? '');

    const state = await cloned(world, world.request({ adopt: { [idOf('export')]: MINE[1] } }));

    expect(state.idMap?.[idOf('export')]).toBe(MINE[1]);
    expect(world.target('exports')).toHaveLength(1);
  });

  test('are left as they are, and still ours from then on, when the request says keep', async () => {
    await using world = await startWorld(account(), copies());

    await cloned(world, world.request({ adopt: { [idOf('export')]: MINE[1] }, onExisting: 'keep' }));

    expect(world.target('exports')).toMatchObject([{ _id: MINE[1], description: 'theirs' }]);
    const later = await world.plan(world.request());
    expect(later.idMap?.[idOf('export')]).toBe(MINE[1]);
    expect(later.plan?.counts).toMatchObject({ create: 0 });
  });

  test('keep a clone from being begun when the request says fail', async () => {
    await using world = await startWorld(account(), copies());

    const refusal = await world.refusal(
      world.request({ adopt: { [idOf('export')]: MINE[1] }, onExisting: 'fail' }),
    );

    expect(codes(refusal.problems)).toEqual(['already_exists']);
  });
});

describe('Within one account', () => {
  const within = {
    source: { account: 'blueprint', flowIds: [idOf('flow')] },
    target: { account: 'blueprint' },
  };

  test('flows are cloned beside their originals, with the same connections', async () => {
    await using world = await startWorld(
      account({
        exports: [exporting(1, { hooks: { preSavePage: { _scriptId: idOf('script'), function: 'f' } } })],
        scripts: [script(1, `run('${idOf('export')}', '${idOf('connection')}')`)],
      }),
    );
    const before = new Map(
      world.sandbox.documents('blueprint').map((document) => [document._id, JSON.stringify(document)]),
    );

    const state = await world.clone(world.request({ ...within, connectionMap: {} }));

    expect(state.errors).toEqual([]);
    const copies = world.sandbox.documents('blueprint').filter(({ _id }) => !before.has(_id));
    expect(copies.map(({ name }) => name).sort()).toEqual([
      'Export 1',
      'Flow 1',
      'Import 1',
      'Integration 1',
      'Script 1',
    ]);
    for (const [id, text] of before) {
      expect(JSON.stringify(world.sandbox.documents('blueprint').find(({ _id }) => _id === id))).toBe(text);
    }
    const copy = copies.find(({ name }) => name === 'Script 1');
    expect(copy?.['content']).toBe(`run('${state.idMap?.[idOf('export')]}', '${idOf('connection')}')`);
    const again = await world.clone(world.request({ ...within, connectionMap: {} }));
    expect(again.plan?.counts).toMatchObject({ create: 0, update: 0 });
  });

  test('an original is never taken over as a copy of itself', async () => {
    await using world = await startWorld();

    const state = await world.clone(world.request({ ...within, connectionMap: {}, adopt: 'match-name' }));

    expect(state.status).toBe('succeeded');
    expect(state.plan?.counts.create).toBe(4);
  });

  test('an original is not adopted as a copy by its id either', async () => {
    await using world = await startWorld();
    const adopt = { [idOf('flow')]: idOf('flow') };

    const refusal = await world.refusal(world.request({ ...within, connectionMap: {}, adopt }));

    expect(refusal.problems).toMatchObject([{ code: 'ambiguous_match', path: `/adopt/${idOf('flow')}` }]);
  });

  test('connections can be mapped to others all the same', async () => {
    await using world = await startWorld(
      account({ connections: [1, 2, 3].map((number) => connection(number)) }),
    );

    const state = await world.clone(
      world.request({ ...within, connectionMap: { [idOf('connection', 1)]: idOf('connection', 3) } }),
    );

    const copies = world.sandbox
      .documents('blueprint', 'exports')
      .filter(({ _id }) => _id !== idOf('export'));
    expect(state.status).toBe('succeeded');
    expect(copies).toMatchObject([{ _connectionId: idOf('connection', 3) }]);
  });

  test('flows can be put into an integration of the closure itself', async () => {
    await using world = await startWorld(
      account({
        integrations: [
          integration(1, {
            flowGroupings: [{ _id: idOf('flowgrouping'), name: 'G' }],
            aliases: [{ alias: 'a', _flowId: idOf('flow') }],
          }),
          { _id: HOME, name: 'Home', aliases: [{ alias: 'b', _flowId: idOf('flow') }] },
        ],
        flows: [flow(1, { _flowGroupingId: idOf('flowgrouping') })],
      }),
    );

    for (const integrationId of [idOf('integration'), HOME]) {
      const state = await world.clone(
        world.request({ ...within, target: { account: 'blueprint', integrationId }, connectionMap: {} }),
      );
      expect(state.errors).toEqual([]);
      const copy = world.sandbox
        .documents('blueprint', 'flows')
        .find(({ _id }) => _id === state.idMap?.[idOf('flow')]);
      expect(copy?.['_integrationId']).toBe(integrationId);
      expect(copy?.['_flowGroupingId']).toEqual(expect.any(String));
    }
  });
});

describe('The copy of one original', () => {
  const two = account({
    flows: [1, 2].map((number) => flow(number, { pageGenerators: [{ _exportId: idOf('export', number) }] })),
    exports: [exporting(1), exporting(2)],
  });
  const [first, second] = [idOf('export', 1), idOf('export', 2)];

  test('is not adopted for another', async () => {
    await using world = await startWorld(two);
    const only = { source: { account: 'blueprint', flowIds: [idOf('flow', 1)] } };
    const state = await cloned(world, world.request(only));

    const refusal = await world.refusal(world.request({ adopt: { [second]: state.idMap?.[first] ?? '' } }));

    expect(refusal.problems).toMatchObject([{ code: 'ambiguous_match', path: `/adopt/${second}` }]);
  });

  test('is not written where idMap uses it as it is for another', async () => {
    await using world = await startWorld(two);
    const state = await cloned(world, world.request());

    const refusal = await world.refusal(world.request({ idMap: { [second]: state.idMap?.[first] ?? '' } }));

    expect(refusal.problems).toMatchObject([
      { code: 'ambiguous_match', sourceId: first, path: `/idMap/${second}` },
    ]);
  });
});
