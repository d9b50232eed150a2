import { describe, expect, test } from '@jest/globals';
import type { Json, JsonObject } from '../../../core/model/resource.ts';
import {
  account,
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

const MISSING = 'dead'.repeat(6);

describe('A request that can’t be carried out', () => {
  test('has all its blockers listed, and nothing is written', async () => {
    const step = (id: Json): JsonObject => ({ type: 'import', _importId: id });
    await using world = await startWorld(
      account({
        integrations: [integration(1, { _connectorId: idOf('lookalike') })],
        flows: [
          flow(1, {
            pageProcessors: [step(idOf('import', 1)), step(idOf('import', 2)), step(idOf('import', 3))],
          }),
          flow(2, {
            routers: [{ id: 'r', branches: [{ name: 'b', pageProcessors: [step(idOf('import'))] }] }],
          }),
          flow(3, { pageGenerators: [{ _exportId: MISSING }] }),
        ],
        exports: [exporting(1, { http: { relativeURI: '/', _asyncHelperId: 7 } })],
        imports: [
          importing(1, { adaptorType: 'CarrierPigeonImport' }),
          importing(2, { _connectionId: idOf('connection', 3) }),
          importing(3, { _connectionId: idOf('connection', 4), adaptorType: 'HTTPImport' }),
        ],
        connections: [connection(1), connection(2), connection(3), connection(4, { type: 'ftp' })],
      }),
    );

    const request = world.request({
      source: {
        account: 'blueprint',
        flowIds: [1, 2, 3, 9].map((number) => idOf('flow', number)),
        integrationIds: [idOf('integration', 9)],
      },
      connectionMap: {
        [idOf('connection', 1)]: MISSING,
        [idOf('connection', 2)]: theirs(2),
        [idOf('connection', 4)]: theirs(1),
      },
      run: true,
      overrides: [{ select: { type: 'export' }, patch: [{ op: 'remove', path: '/nowhere' }] }],
    });
    const refusal = await world.refusal(request);
    const state = await world.clone(request);

    expect(refusal.code).toBe('plan_blocked');
    expect(codes(refusal.problems).sort()).toEqual(
      [
        `connection_type_mismatch /connectionMap/${idOf('connection', 4)}`,
        'connection_unmapped',
        'flow_not_found /source/flowIds/3',
        'integration_not_found /source/integrationIds/0',
        'managed_resource /_connectorId',
        'nothing_to_run /run',
        'override_failed /overrides/0/patch/0',
        `target_not_found /connectionMap/${idOf('connection')}`,
        'unresolved_reference /http/_asyncHelperId',
        'unresolved_reference /pageGenerators/0/_exportId',
        'unsupported_type /adaptorType',
        'unsupported_type /routers',
      ].sort(),
    );
    expect(new Set(refusal.problems.map(({ code }) => code)).size).toBe(10);
    expect(state.status).toBe('failed');
    expect(codes(state.errors)).toEqual(codes(refusal.problems));
    expect(world.writes()).toEqual([]);
  });

  test('can be mended: a clone after it goes through', async () => {
    await using world = await startWorld();
    await world.clone(world.request({ connectionMap: {} }));

    const state = await world.clone(world.request());

    expect(state.status).toBe('succeeded');
  });
});

describe('A reference that is none', () => {
  test.each<[string, Json]>([
    ['a number', 5],
    ['a truth', true],
    ['an object', { id: idOf('connection') }],
    ['a list', [idOf('connection')]],
    ['a malformed id', 'ns_alias'],
    ['an id in capitals', idOf('connection').toUpperCase()],
    ['a longer string with an id', `${idOf('connection')} `],
  ])('%s, is named with its path', async (_, value) => {
    await using world = await startWorld(
      account({ exports: [exporting(1, { settingsForm: { form: { virtual: { _connectionId: value } } } })] }),
    );

    const refusal = await world.refusal(world.request());

    expect(refusal.problems).toMatchObject([
      {
        code: 'unresolved_reference',
        type: 'export',
        sourceId: idOf('export'),
        path: '/settingsForm/form/virtual/_connectionId',
      },
    ]);
    expect(world.writes()).toEqual([]);
  });

  test.each<[string, Json]>([
    ['null', null],
    ['the empty string', ''],
  ])('%s, is no reference at all', async (_, value) => {
    await using world = await startWorld(
      account({
        flows: [
          flow(1, {
            _flowGroupingId: value,
            _runNextFlowIds: value === null ? value : [value],
            _keepDeltaBehindFlowId: value,
            settings: { _scriptId: value },
          }),
        ],
        exports: [exporting(1, { http: { relativeURI: '/', _asyncHelperId: value } })],
      }),
    );

    const state = await world.clone(world.request());

    expect(state.errors).toEqual([]);
    expect(state.status).toBe('succeeded');
  });

  test('an id of another type than belongs there, is named', async () => {
    await using world = await startWorld(
      account({ flows: [flow(1, { settings: { _exportId: idOf('import') } })] }),
    );

    const refusal = await world.refusal(world.request());

    expect(codes(refusal.problems)).toContain('unresolved_reference /settings/_exportId');
  });

  test('every dangling one is named, not only the first', async () => {
    await using world = await startWorld(
      account({
        flows: [flow(1, { _runNextFlowIds: [MISSING], preSave: { _scriptId: MISSING, function: 'f' } })],
        exports: [exporting(1, { transform: { type: 'script', script: { _scriptId: MISSING } } })],
      }),
    );

    const refusal = await world.refusal(world.request());

    expect(codes(refusal.problems)).toEqual([
      'unresolved_reference /transform/script/_scriptId',
      'unresolved_reference /_runNextFlowIds/0',
      'unresolved_reference /preSave/_scriptId',
    ]);
  });
});

describe('A document that nobody taught us', () => {
  test('with both page processors and routers is refused, with one of them empty it is not', async () => {
    const routers = [
      { id: 'r', branches: [{ name: 'b', pageProcessors: [{ type: 'import', _importId: idOf('import') }] }] },
    ];
    await using both = await startWorld(account({ flows: [flow(1, { routers })] }));
    await using one = await startWorld(account({ flows: [flow(1, { routers, pageProcessors: [] })] }));

    expect(codes((await both.refusal(both.request())).problems)).toEqual(['unsupported_type /routers']);
    expect((await one.clone(one.request())).status).toBe('succeeded');
  });

  test.each([['XExport'], [''], ['HTTPImport']])('of the adaptor %p is refused', async (adaptorType) => {
    await using world = await startWorld(account({ exports: [exporting(1, { adaptorType })] }));

    expect(codes((await world.refusal(world.request())).problems)).toEqual(['unsupported_type /adaptorType']);
  });

  test('such as an API is refused, and used as it is once it is mapped', async () => {
    const apis = [{ _id: idOf('api'), name: 'Theirs', type: 'script' }];
    await using world = await startWorld(
      account({ flows: [flow(1, { settings: { _apiId: idOf('api') } })], apis }),
      {
        apis: [{ _id: HOME, name: 'Ours' }],
      },
    );

    const refusal = await world.refusal(world.request());
    const state = await world.clone(world.request({ idMap: { [idOf('api')]: HOME } }));

    expect(refusal.problems).toMatchObject([
      { code: 'unsupported_type', type: 'api', sourceId: idOf('api') },
    ]);
    expect(world.copyOf(state, idOf('flow'))['settings']).toEqual({ _apiId: HOME });
  });

  test.each(['iclient', 'stack', 'agent'] as const)(
    'or is never cloned, such as a %s, must be mapped',
    async (type) => {
      const field = type === 'iclient' ? '_iClientId' : `_${type}Id`;
      const documents = [{ _id: idOf(type), name: 'Theirs', type: 'server', provider: 'custom_oauth2' }];
      await using world = await startWorld(
        account({ flows: [flow(1, { settings: { [field]: idOf(type) } })], [`${type}s`]: documents }),
        { [`${type}s`]: [{ _id: HOME, name: 'Ours' }] },
      );

      const refusal = await world.refusal(world.request());
      const state = await world.clone(world.request({ idMap: { [idOf(type)]: HOME } }));

      expect(refusal.problems).toMatchObject([{ code: 'unresolved_reference', type, sourceId: idOf(type) }]);
      expect(state.status).toBe('succeeded');
      expect(world.copyOf(state, idOf('flow'))['settings']).toEqual({ [field]: HOME });
    },
  );

  test('of an integration app is refused wherever it stands in the closure', async () => {
    const _connectorId = idOf('lookalike');
    await using world = await startWorld(
      account({
        flows: [flow(1, { _connectorId })],
        exports: [exporting(1, { _connectorId, hooks: { preSavePage: { _scriptId: idOf('script') } } })],
        scripts: [{ ...script(1, ''), _connectorId }],
      }),
    );

    const refusal = await world.refusal(world.request());

    expect(refusal.problems.map(({ code, type }) => `${code} ${type}`)).toEqual([
      'managed_resource export',
      'managed_resource flow',
      'managed_resource script',
    ]);
  });

  test('with an unknown collection in a URI is copied as it is', async () => {
    const relativeURI = `/v1/carrierpigeons/${MISSING}/fly?and=/v1//${MISSING}`;
    await using world = await startWorld(
      account({ exports: [exporting(1, { http: { method: 'GET', relativeURI } })] }),
    );

    const state = await world.clone(world.request());

    expect(world.copyOf(state, idOf('export'))['http']).toMatchObject({ relativeURI });
  });

  test('nested beyond all measure is refused without harm', async () => {
    let settings: JsonObject = {};
    for (let level = 0; level < 600; level += 1) settings = { settings };
    await using world = await startWorld(account({ exports: [exporting(1, { settings })] }));

    const state = await world.clone(world.request());

    expect(state).toMatchObject({ status: 'failed', errors: [{ code: 'document_too_deep' }] });
    expect(codes((await world.refusal(world.request())).problems)).toEqual(['document_too_deep']);
    expect(world.writes()).toEqual([]);
  });
});

describe('What is to be run', () => {
  test('must be enabled by then', async () => {
    await using world = await startWorld(account({ flows: [flow(1), flow(2, { disabled: true })] }));

    const asleep = await world.refusal(world.request({ run: true }));
    const other = await world.refusal(world.request({ activate: true, run: { flowIds: [idOf('flow', 2)] } }));
    const unknown = await world.refusal(world.request({ activate: true, run: { flowIds: [MISSING] } }));
    const planned = await world.plan(world.request({ activate: true, run: true }));

    expect(codes(asleep.problems)).toEqual(['nothing_to_run /run']);
    expect(codes(other.problems)).toEqual(['nothing_to_run /run']);
    expect(codes(unknown.problems)).toEqual(['flow_not_found /run/flowIds/0', 'nothing_to_run /run']);
    expect(planned.status).toBe('planned');
  });

  test('is nothing of what idMap names: such a flow is neither enabled nor run', async () => {
    await using world = await startWorld(
      account({ flows: [flow(1, { _runNextFlowIds: [idOf('flow', 2)] }), flow(2)] }),
      {
        flows: [{ _id: HOME, name: 'Theirs', disabled: true }],
      },
    );

    const state = await world.clone(
      world.request({ idMap: { [idOf('flow', 2)]: HOME }, activate: true, run: true }),
    );

    expect(state.status).toBe('succeeded');
    expect(world.copyOf(state, idOf('flow'))['_runNextFlowIds']).toEqual([HOME]);
    expect(world.target('flows').find(({ _id }) => _id === HOME)).toMatchObject({
      disabled: true,
      name: 'Theirs',
    });
    expect(world.writes().filter(({ path }) => path.includes(HOME))).toEqual([]);
  });
});
