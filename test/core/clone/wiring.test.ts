import { describe, expect, test } from '@jest/globals';
import type { Document, JsonObject } from '../../../core/model/resource.ts';
import { idOf } from '../references/ids.ts';
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
  STANDALONE_THERE,
  script,
  startWorld,
  theirs,
} from './world.ts';

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

describe('The integration', () => {
  test('that flows are put into is only read for its name: nothing it needs is cloned', async () => {
    await using world = await startWorld(
      account({
        integrations: [integration(1, { settingsForm: { init: { _scriptId: idOf('script') } } })],
        scripts: [script(1, 'form')],
      }),
    );

    const state = await cloned(world, world.request({ target: { account: 'acme', integrationId: HOME } }));

    expect(world.copyOf(state, idOf('flow'))['_integrationId']).toBe(HOME);
    expect(world.target('scripts')).toEqual([]);
    expect(world.target('integrations').find(({ _id }) => _id === HOME)).not.toHaveProperty('settingsForm');
  });

  test('of a flow that belongs to none is the target’s "Standalone flows"', async () => {
    await using world = await startWorld(account({ flows: [flow(1, { _integrationId: null })] }));

    const state = await cloned(world, world.request());

    expect(world.copyOf(state, idOf('flow'))['_integrationId']).toBe(STANDALONE_THERE);
    expect(world.target('integrations')).toHaveLength(2);
  });

  test('of a flow that is in the source’s "Standalone flows" is the target’s', async () => {
    await using world = await startWorld(
      account({ integrations: [integration(1, { name: 'Standalone flows' })] }),
    );

    const state = await cloned(world, world.request());

    expect(world.copyOf(state, idOf('flow'))['_integrationId']).toBe(STANDALONE_THERE);
    expect(state.idMap?.[idOf('integration')]).toBe(STANDALONE_THERE);
  });

  test('for flows of none must exist: without it the plan is blocked', async () => {
    await using world = await startWorld(account({ flows: [flow(1, { _integrationId: null })] }));
    world.sandbox.remove('acme', 'integrations', STANDALONE_THERE);

    const refusal = await world.refusal(world.request());

    expect(codes(refusal.problems)).toEqual(['integration_not_found /_integrationId']);
  });

  test('is changed for flows of none when the request names another', async () => {
    await using world = await startWorld(account({ flows: [flow(1, { _integrationId: null })] }));
    await cloned(world, world.request());

    const state = await cloned(world, world.request({ target: { account: 'acme', integrationId: HOME } }));

    expect(world.copyOf(state, idOf('flow'))['_integrationId']).toBe(HOME);
    expect(world.target('flows')).toHaveLength(1);
  });

  test('is changed for all flows when the request names another', async () => {
    await using world = await startWorld(
      account({ integrations: [integration(1, { flowGroupings: [group(1)] })], flows: [grouped(1)] }),
    );
    await cloned(world, world.request());

    const state = await cloned(world, world.request({ target: { account: 'acme', integrationId: HOME } }));

    const home = world.target('integrations').find(({ _id }) => _id === HOME);
    expect(world.copyOf(state, idOf('flow'))).toMatchObject({
      _integrationId: HOME,
      _flowGroupingId: groupsOf(home)[0]?._id,
    });
  });

  test('that idMap maps is used as it is, also when it was chosen, and nothing it needs is cloned', async () => {
    await using world = await startWorld(
      account({
        integrations: [integration(1, { settingsForm: { init: { _scriptId: idOf('script') } } })],
        scripts: [script(1, 'form')],
      }),
    );

    const state = await cloned(
      world,
      world.request({
        source: { account: 'blueprint', integrationIds: [idOf('integration')] },
        idMap: { [idOf('integration')]: HOME },
      }),
    );

    expect(world.copyOf(state, idOf('flow'))['_integrationId']).toBe(HOME);
    expect(world.target('scripts')).toEqual([]);
    expect(state.warnings).toEqual([]);
  });

  test('is cloned with all its flows, whichever they are', async () => {
    await using world = await startWorld(
      account({
        integrations: [integration(1), integration(2)],
        flows: [flow(1), flow(2, { disabled: true }), flow(3, { _integrationId: idOf('integration', 2) })],
      }),
    );

    const state = await cloned(
      world,
      world.request({ source: { account: 'blueprint', integrationIds: [idOf('integration')] } }),
    );

    expect(
      world
        .target('flows')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['Flow 1', 'Flow 2']);
    expect(world.copyOf(state, idOf('flow', 2))['_integrationId']).toBe(state.idMap?.[idOf('integration')]);
  });

  test('is cloned without its flows’ doing when it has none', async () => {
    await using world = await startWorld(account({ integrations: [integration(1), integration(2)] }));

    const state = await cloned(
      world,
      world.request({
        source: { account: 'blueprint', integrationIds: [idOf('integration', 2)] },
        connectionMap: {},
      }),
    );

    expect(state.plan?.counts).toEqual({ create: 1, update: 0, reuse: 0, unchanged: 0 });
  });
});

describe('Connections', () => {
  const registered = (document: Document | undefined): unknown[] =>
    [...((document?.['_registeredConnectionIds'] as string[] | undefined) ?? [])].sort();

  test('of the flows are registered on the cloned integration, others left out with a warning', async () => {
    await using world = await startWorld(
      account({
        integrations: [
          integration(1, {
            _registeredConnectionIds: [idOf('connection', 1), idOf('connection', 3)],
          }),
        ],
        connections: [1, 2, 3].map((number) => connection(number)),
      }),
    );

    const state = await cloned(world, world.request());

    expect(registered(world.copyOf(state, idOf('integration')))).toEqual([theirs(1), theirs(2)].sort());
    expect(state.idMap).not.toHaveProperty(idOf('connection', 3));
    expect(codes(state.warnings)).toEqual([
      'registered_connection_outside_closure /_registeredConnectionIds',
    ]);
  });

  test.each([
    ['has its own integration', idOf('integration')],
    ['belongs to none', null],
  ])('are registered on a given integration when the flow %s', async (_, _integrationId) => {
    await using world = await startWorld(account({ flows: [flow(1, { _integrationId })] }));

    await cloned(world, world.request({ target: { account: 'acme', integrationId: HOME } }));
    world.sandbox.resetCalls();
    await cloned(world, world.request({ target: { account: 'acme', integrationId: HOME } }));

    const home = world.target('integrations').find(({ _id }) => _id === HOME);
    expect(registered(home)).toEqual([theirs(1), theirs(2)].sort());
    expect(world.writes()).toEqual([]);
  });

  test('that share one target are registered once', async () => {
    await using world = await startWorld();
    const connectionMap = { [idOf('connection', 1)]: theirs(1), [idOf('connection', 2)]: theirs(1) };

    const state = await cloned(world, world.request({ connectionMap }));

    expect(registered(world.copyOf(state, idOf('integration')))).toEqual([theirs(1)]);
  });
});

describe('Flows of every generation', () => {
  test('of one export and one import are copied as they are', async () => {
    const old = { _exportId: idOf('export'), _importId: idOf('import') };
    const legacy: Document = { ...flow(1), ...old };
    delete legacy['pageGenerators'];
    delete legacy['pageProcessors'];
    await using world = await startWorld(account({ flows: [legacy] }));

    const state = await cloned(world, world.request());

    const copy = world.copyOf(state, idOf('flow'));
    expect(copy).toMatchObject({
      _exportId: state.idMap?.[idOf('export')],
      _importId: state.idMap?.[idOf('import')],
    });
    expect(copy).not.toHaveProperty('pageGenerators');
  });

  test('keep their schedules, those of single page generators, time zones and steps’ settings', async () => {
    const linear = flow(1, {
      schedule: '? 5 0,4,8 ? * *',
      timezone: 'Asia/Calcutta',
      pageGenerators: [
        { _exportId: idOf('export'), schedule: '? 0 1 ? * 1-5', skipRetries: true },
        { _exportId: idOf('export', 2) },
      ],
      pageProcessors: [
        {
          type: 'import',
          _importId: idOf('import'),
          proceedOnFailure: true,
          responseMapping: { fields: [{ extract: 'id', generate: 'netsuiteId' }], lists: [] },
        },
      ],
    });
    await using world = await startWorld(account({ flows: [linear], exports: [exporting(1), exporting(2)] }));

    const state = await cloned(world, world.request());

    expect(world.copyOf(state, idOf('flow'))).toMatchObject({
      disabled: true,
      schedule: '? 5 0,4,8 ? * *',
      timezone: 'Asia/Calcutta',
      pageGenerators: [
        { _exportId: state.idMap?.[idOf('export')], schedule: '? 0 1 ? * 1-5', skipRetries: true },
        { _exportId: state.idMap?.[idOf('export', 2)] },
      ],
      pageProcessors: [
        {
          proceedOnFailure: true,
          responseMapping: { fields: [{ extract: 'id', generate: 'netsuiteId' }], lists: [] },
        },
      ],
    });
  });

  test('with branches keep the names of routers and branches, also where they look like ids of the closure', async () => {
    const branching = flow(1, {
      pageProcessors: [],
      routers: [
        {
          id: idOf('export'),
          routeRecordsTo: 'first_matching_branch',
          branches: [
            {
              name: 'one',
              branchId: idOf('import'),
              nextRouterId: idOf('flow'),
              pageProcessors: [{ type: 'import', _importId: idOf('import') }],
            },
          ],
        },
        { id: idOf('flow'), branches: [{ name: 'drop', branchId: 'x', pageProcessors: [] }] },
      ],
    });
    await using world = await startWorld(account({ flows: [branching] }));

    const state = await cloned(world, world.request());

    expect(world.copyOf(state, idOf('flow'))['routers']).toMatchObject([
      {
        id: idOf('export'),
        branches: [
          {
            branchId: idOf('import'),
            nextRouterId: idOf('flow'),
            pageProcessors: [{ _importId: state.idMap?.[idOf('import')] }],
          },
        ],
      },
      { id: idOf('flow'), branches: [{ branchId: 'x' }] },
    ]);
  });

  test('share the copies of what they share', async () => {
    await using world = await startWorld(
      account({ flows: [1, 2, 3].map((number) => flow(number)), imports: [importing(1)] }),
    );

    const state = await cloned(world, world.request());

    expect(state.plan?.counts.create).toBe(6);
    expect(world.target('exports')).toHaveLength(1);
    expect(world.target('imports')).toHaveLength(1);
  });
});
