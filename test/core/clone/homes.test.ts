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
