import { describe, expect, test } from '@jest/globals';
import type { Document, JsonObject } from '../../../core/model/resource.ts';
import { idOf } from '../references/ids.ts';
import { account, cloned, codes, flow, HOME, integration, script, startWorld } from './world.ts';

const group = (number: number): JsonObject => ({
  _id: idOf('flowgrouping', number),
  name: `Group ${number}`,
});
const grouped = (number: number, rest: JsonObject = {}): Document =>
  flow(number, { _flowGroupingId: idOf('flowgrouping', number), ...rest });
const groupsOf = (document: Document | undefined): Document[] =>
  (document?.['flowGroupings'] ?? []) as Document[];

describe('Flow groups', () => {
  test('are recreated by name in a cloned integration', async () => {
    const flowGroupings = [group(1), group(2)];
    await using world = await startWorld(
      account({ integrations: [integration(1, { flowGroupings })], flows: [grouped(1), grouped(2)] }),
    );

    const state = await cloned(world, world.request());

    const groups = groupsOf(world.copyOf(state, idOf('integration')));
    expect(groups.map(({ name }) => name)).toEqual(['Group 1', 'Group 2']);
    expect(world.copyOf(state, idOf('flow', 1))['_flowGroupingId']).toBe(groups[0]?._id);
    expect(world.copyOf(state, idOf('flow', 2))['_flowGroupingId']).toBe(groups[1]?._id);
  });

  test('are left on the way where a flow moves to another integration, and joined there', async () => {
    const flowGroupings = [group(1)];
    await using world = await startWorld(
      account({ integrations: [integration(1, { flowGroupings })], flows: [grouped(1)] }),
    );
    const before = await cloned(world, world.request());

    const state = await cloned(world, world.request({ target: { account: 'acme', integrationId: HOME } }));

    const home = world.target('integrations').find(({ _id }) => _id === HOME);
    const moved = world.copyOf(state, idOf('flow', 1));
    expect(moved._id).toBe(before.idMap?.[idOf('flow', 1)]);
    expect(moved).toMatchObject({ _integrationId: HOME, _flowGroupingId: groupsOf(home)[0]?._id });
  });

  test('are left and joined the other way round where such a move is undone', async () => {
    const flowGroupings = [group(1)];
    await using world = await startWorld(
      account({ integrations: [integration(1, { flowGroupings })], flows: [grouped(1)] }),
    );
    const before = await cloned(world, world.request());
    const { _integrationId, _flowGroupingId } = world.copyOf(before, idOf('flow', 1));
    await cloned(world, world.request({ target: { account: 'acme', integrationId: HOME } }));

    const undone = await world.rollback('clone-2');

    expect(undone).toMatchObject({ status: 'rolled-back', errors: [] });
    expect(world.copyOf(before, idOf('flow', 1))).toMatchObject({ _integrationId, _flowGroupingId });
  });

  test('of a given integration are kept where they exist and added where they lack, and nothing else of it changes', async () => {
    const flowGroupings = [group(1), group(2), group(3)];
    await using world = await startWorld(
      account({
        integrations: [
          integration(1, {
            flowGroupings: flowGroupings,
            settings: { theirs: false },
            description: 'not for them',
          }),
        ],
        flows: [grouped(1), grouped(2)],
      }),
      {},
    );
    world.sandbox.edit('acme', 'integrations', HOME, (home) => {
      Object.assign(home, {
        flowGroupings: [
          { _id: 'b1'.repeat(12), name: 'Group 2' },
          { _id: 'b2'.repeat(12), name: 'Own' },
        ],
        settings: { theirs: true },
        installSteps: [{ name: 'once', completed: true }],
        mode: 'settings',
      });
    });

    const state = await cloned(world, world.request({ target: { account: 'acme', integrationId: HOME } }));

    const home = world.target('integrations').find(({ _id }) => _id === HOME);
    expect(groupsOf(home).map(({ name }) => name)).toEqual(['Group 2', 'Own', 'Group 1']);
    expect(home).toMatchObject({
      name: 'Home',
      settings: { theirs: true },
      installSteps: [{ name: 'once', completed: true }],
      mode: 'settings',
    });
    expect(home).not.toHaveProperty('description');
    expect(world.copyOf(state, idOf('flow', 2))).toMatchObject({
      _integrationId: HOME,
      _flowGroupingId: 'b1'.repeat(12),
    });
    expect(world.copyOf(state, idOf('flow', 1))['_flowGroupingId']).toBe(groupsOf(home)[2]?._id);
    expect(world.target('integrations')).toHaveLength(2);
  });

  test('of two integrations that are put into one are all there', async () => {
    const of = (number: number): Document => integration(number, { flowGroupings: [group(number)] });
    await using world = await startWorld(
      account({
        integrations: [of(1), of(2), of(3)],
        flows: [1, 2, 3].map((number) => grouped(number, { _integrationId: idOf('integration', number) })),
      }),
    );

    const state = await cloned(world, world.request({ target: { account: 'acme', integrationId: HOME } }));

    const groups = groupsOf(world.target('integrations').find(({ _id }) => _id === HOME));
    expect(groups.map(({ name }) => name).sort()).toEqual(['Group 1', 'Group 2', 'Group 3']);
    for (const number of [1, 2, 3]) {
      const id = world.copyOf(state, idOf('flow', number))['_flowGroupingId'];
      expect(groups.find(({ _id }) => _id === id)?.name).toBe(`Group ${number}`);
    }
  });

  test('take their forms along into a cloned integration, and none into a given one', async () => {
    const form = { settingsForm: { init: { function: 'form', _scriptId: idOf('script') } } };
    const documents = account({
      integrations: [integration(1, { flowGroupings: [{ ...group(1), ...form }] })],
      flows: [grouped(1)],
      scripts: [script(1, 'form')],
    });
    await using whole = await startWorld(documents);
    await using given = await startWorld(documents);

    const state = await cloned(whole, whole.request());
    await cloned(given, given.request({ target: { account: 'acme', integrationId: HOME } }));

    expect(groupsOf(whole.copyOf(state, idOf('integration')))[0]).toMatchObject({
      settingsForm: { init: { _scriptId: state.idMap?.[idOf('script')] } },
    });
    const [added] = groupsOf(given.target('integrations').find(({ _id }) => _id === HOME));
    expect(added).toEqual({ _id: expect.any(String), name: 'Group 1' });
    expect(given.target('scripts')).toEqual([]);
  });

  test('that the source’s integration does not have are left out with a warning', async () => {
    await using world = await startWorld(account({ flows: [grouped(9)] }));

    const state = await cloned(world, world.request());

    expect(codes(state.warnings)).toEqual(['flow_group_missing /_flowGroupingId']);
    expect(world.copyOf(state, idOf('flow', 9))).not.toHaveProperty('_flowGroupingId');
  });

  test('that an integration of idMap lacks are not made, with a warning', async () => {
    await using world = await startWorld(
      account({ integrations: [integration(1, { flowGroupings: [group(1)] })], flows: [grouped(1)] }),
    );

    const state = await cloned(world, world.request({ idMap: { [idOf('integration')]: HOME } }));

    expect(codes(state.warnings)).toEqual(['flow_group_missing /_flowGroupingId']);
    expect(world.copyOf(state, idOf('flow'))['_integrationId']).toBe(HOME);
    expect(groupsOf(world.target('integrations').find(({ _id }) => _id === HOME))).toEqual([]);
  });

  test('are followed when a flow moves to another in the source', async () => {
    const flowGroupings = [group(1), group(2)];
    await using world = await startWorld(
      account({ integrations: [integration(1, { flowGroupings })], flows: [grouped(1)] }),
    );
    await cloned(world, world.request());
    world.sandbox.edit('blueprint', 'flows', idOf('flow'), (document) => {
      document['_flowGroupingId'] = idOf('flowgrouping', 2);
    });
    world.sandbox.resetCalls();

    const state = await cloned(world, world.request());

    const groups = groupsOf(world.copyOf(state, idOf('integration')));
    expect(world.copyOf(state, idOf('flow'))['_flowGroupingId']).toBe(groups[1]?._id);
    expect(world.writes().map(({ method }) => method)).toEqual(['PUT']);
  });

  test('are put right when somebody moved the copy', async () => {
    const flowGroupings = [group(1), group(2)];
    await using world = await startWorld(
      account({ integrations: [integration(1, { flowGroupings })], flows: [grouped(1)] }),
    );
    const first = await cloned(world, world.request());
    const groups = groupsOf(world.copyOf(first, idOf('integration')));
    world.sandbox.edit('acme', 'flows', first.idMap?.[idOf('flow')] ?? '', (document) => {
      document['_flowGroupingId'] = groups[1]?._id;
    });

    const state = await cloned(world, world.request());

    expect(world.copyOf(state, idOf('flow'))['_flowGroupingId']).toBe(groups[0]?._id);
  });

  test('are made again when somebody deleted them', async () => {
    await using world = await startWorld(
      account({ integrations: [integration(1, { flowGroupings: [group(1)] })], flows: [grouped(1)] }),
    );
    const first = await cloned(world, world.request());
    world.sandbox.edit('acme', 'integrations', first.idMap?.[idOf('integration')] ?? '', (document) => {
      document['flowGroupings'] = [];
    });
    world.sandbox.edit('acme', 'flows', first.idMap?.[idOf('flow')] ?? '', (document) => {
      delete document['_flowGroupingId'];
    });

    const state = await cloned(world, world.request());

    const [again] = groupsOf(world.copyOf(state, idOf('integration')));
    expect(again?.name).toBe('Group 1');
    expect(world.copyOf(state, idOf('flow'))['_flowGroupingId']).toBe(again?._id);
  });
});
