import { describe, expect, test } from '@jest/globals';
import type { Document, JsonObject } from '../../../core/model/resource.ts';
import { BULK_FROM } from '../../../core/read/fetch.ts';
import {
  account,
  cloned,
  codes,
  type Documents,
  exporting,
  flow,
  importing,
  integration,
  script,
  startWorld,
  type World,
} from '../clone/world.ts';
import { idOf } from '../references/ids.ts';

const OUTSIDE = idOf('export', 9);
const FOREIGN = 'beef'.repeat(6);

/** An export that receives, and knows its senders by secrets of its own. */
const receiving = (secrets: JsonObject): Document => ({
  _id: idOf('export'),
  name: 'Receive',
  type: 'webhook',
  adaptorType: 'WebhookExport',
  webhook: { provider: 'custom', verify: 'hmac', algorithm: 'sha1', ...secrets },
});

/** An account whose one flow is fed by that export and by one that asks. */
const fedBy = (first: Document): Documents =>
  account({
    flows: [flow(1, { pageGenerators: [{ _exportId: first._id }, { _exportId: idOf('export', 2) }] })],
    exports: [first, exporting(2)],
  });

/** The warnings of a plan for these documents. */
async function warningsOf(documents: Documents, request: JsonObject = {}): Promise<JsonObject[]> {
  await using world = await startWorld(account(documents));
  const plan = await world.plan(world.request(request));
  return plan.warnings.map(({ message: _, ...rest }) => ({ ...rest }) as JsonObject);
}

describe('What does not travel is said', () => {
  test('of the data of lookup caches', async () => {
    const lookupcaches = [{ _id: idOf('lookupcache'), name: 'Countries', size: 4 }];
    const imports = [importing(1, { lookups: [{ name: 'c', _lookupCacheId: idOf('lookupcache') }] })];

    expect(await warningsOf({ lookupcaches, imports })).toEqual([
      { code: 'lookup_data_not_copied', type: 'lookupcache', sourceId: idOf('lookupcache') },
    ]);
  });

  test('of the state of a delta', async () => {
    expect(
      await warningsOf({ exports: [exporting(1, { type: 'delta', delta: { dateField: 'updated' } })] }),
    ).toEqual([{ code: 'delta_from_start', type: 'export', sourceId: idOf('export') }]);
  });

  test('of the secrets of webhooks, unless the request gives others', async () => {
    const documents = fedBy(receiving({ key: 'of the blueprint', password: 'so is this' }));
    const missing = { code: 'webhook_secret_missing', type: 'export', sourceId: idOf('export') };
    const patch = [{ op: 'add', path: '/webhook/key', value: 'of the tenant' }];
    const overrides = [{ select: { name: 'Receive' }, patch }];

    expect(await warningsOf(documents)).toEqual([
      { ...missing, path: '/webhook/key' },
      { ...missing, path: '/webhook/password' },
    ]);
    expect(await warningsOf(documents, { overrides })).toEqual([{ ...missing, path: '/webhook/password' }]);
    expect(await warningsOf(fedBy(receiving({ key: '' })))).toEqual([]);
  });

  test('of sample data, unless it is copied', async () => {
    const exports = [
      exporting(1, { sampleData: { customer: 'Ada' }, mockOutput: [{ name: 'Ada' }], mockResponse: null }),
    ];

    expect(await warningsOf({ exports })).toMatchObject([
      { code: 'sample_data_not_copied', sourceId: idOf('export'), path: '/mockOutput' },
      { code: 'sample_data_not_copied', sourceId: idOf('export'), path: '/sampleData' },
    ]);
    expect(await warningsOf({ exports }, { copySampleData: true })).toEqual([]);
  });

  test('of packages that distributed steps need, unless they are there', async () => {
    const imports = [importing(1, { adaptorType: 'NetSuiteDistributedImport' })];
    const connections = [1, 2].map((number) => ({
      _id: idOf('connection', number),
      name: `Connection ${number}`,
      type: 'netsuite',
    }));
    const there = connections.map((one, index) => ({
      ...one,
      _id: `e1${one._id.slice(2)}`,
      netsuite: { suiteAppInstalled: index === 1 },
    }));
    for (const connectionsOption of ['mapped', 'match-name'] as const) {
      await using world = await startWorld(account({ imports, connections }), { connections: there });
      const connectionMap = Object.fromEntries(connections.map(({ _id }) => [_id, `e1${_id.slice(2)}`]));
      const plan = await world.plan(
        world.request({
          connections: connectionsOption,
          connectionMap: connectionsOption === 'mapped' ? connectionMap : {},
        }),
      );
      const asked = world.sandbox.calls('acme').filter(({ path }) => path.endsWith('/distributed'));

      expect(asked).toHaveLength(1);
      const isMissing = plan.warnings.some(({ code }) => code === 'distributed_package_missing');
      const answer = await fetch(`${world.sandbox.url}${asked[0]?.path}`, {
        headers: { authorization: 'Bearer target-token' },
      });
      expect(isMissing).toBe(((await answer.json()) as { success?: boolean }).success !== true);
    }
  });

  test('of ids of the connected system', async () => {
    const exports = [
      exporting(1, {
        adaptorType: 'NetSuiteExport',
        netsuite: { restlet: { searchId: '3160', recordType: 'customer' } },
      }),
    ];

    expect(await warningsOf({ exports })).toEqual([
      {
        code: 'foreign_system_id',
        type: 'export',
        sourceId: idOf('export'),
        path: '/netsuite/restlet/searchId',
      },
    ]);
  });

  test('of aliases that point outside, which are left out', async () => {
    const aliases = [
      { alias: 'in', _exportId: idOf('export') },
      { alias: 'out', _exportId: OUTSIDE },
    ];
    await using world = await startWorld(
      account({ integrations: [integration(1, { aliases })], exports: [exporting(1), exporting(9)] }),
    );

    const state = await cloned(world, world.request());

    expect(codes(state.warnings)).toEqual(['alias_outside_closure /aliases/1/_exportId']);
    expect(world.copyOf(state, idOf('integration'))['aliases']).toEqual([
      { alias: 'in', _exportId: state.idMap?.[idOf('export')] },
    ]);
    expect(world.target('exports')).toHaveLength(1);
  });
});

describe('What a write may take away is said', () => {
  const risk = 'webhook_secret_at_risk /webhook/key';
  const move = (world: World, path: string): void =>
    world.sandbox.edit('blueprint', 'exports', idOf('export'), (document) => {
      (document['webhook'] as JsonObject)['path'] = path;
    });

  test('of the secret that a tenant entered in the copy of a webhook', async () => {
    await using world = await startWorld(fedBy(receiving({ key: 'of the blueprint' })));
    const first = await cloned(world, world.request());
    move(world, 'order.id');

    expect(codes((await cloned(world, world.request())).warnings)).toEqual([]);

    world.sandbox.edit('acme', 'exports', first.idMap?.[idOf('export')] ?? '', (document) => {
      (document['webhook'] as JsonObject)['key'] = 'of the tenant';
    });

    expect(codes((await cloned(world, world.request())).warnings)).toEqual([]);

    move(world, 'order.number');

    expect((await cloned(world, world.request())).warnings).toContainEqual({
      code: 'webhook_secret_at_risk',
      message: expect.stringContaining('export "Receive"'),
      type: 'export',
      sourceId: idOf('export'),
      path: '/webhook/key',
    });
  });

  test('also where list pages alone tell that nobody wrote to a copy', async () => {
    const others = Array.from({ length: BULK_FROM }, (_, index) => exporting(index + 2));
    const exports = [receiving({ key: 'of the blueprint' }), ...others];
    const pageGenerators = exports.map(({ _id }) => ({ _exportId: _id }));
    await using world = await startWorld(account({ flows: [flow(1, { pageGenerators })], exports }));
    const patch = [{ op: 'add' as const, path: '/webhook/key', value: 'of the tenant' }];
    await cloned(world, world.request({ overrides: [{ select: { name: 'Receive' }, patch }] }));

    const plan = await world.plan(world.request());

    expect(plan.plan?.counts).toMatchObject({ update: 1 });
    expect(codes(plan.warnings)).toEqual([risk]);
  });
});

describe('Linked flows', () => {
  const flows = [
    flow(1, {
      _runNextFlowIds: [idOf('flow', 2), idOf('flow', 3)],
      _keepDeltaBehindFlowId: idOf('flow', 2),
      // In the closure by another way: a link is whole or not there.
      _keepDeltaBehindExportId: idOf('export', 1),
      _runNextExportIds: [{ _flowId: idOf('flow', 2), _exportId: idOf('export', 2) }],
    }),
    flow(2, { pageGenerators: [{ _exportId: idOf('export', 2) }] }),
    flow(3),
  ];
  const documents = account({ flows, exports: [exporting(1), exporting(2)] });

  test('are cloned along', async () => {
    await using world = await startWorld(documents);

    const state = await cloned(
      world,
      world.request({ source: { account: 'blueprint', flowIds: [idOf('flow')] } }),
    );

    expect(world.target('flows')).toHaveLength(3);
    expect(world.copyOf(state, idOf('flow'))).toMatchObject({
      _runNextFlowIds: [2, 3].map((number) => state.idMap?.[idOf('flow', number)]),
      _runNextExportIds: [
        { _flowId: state.idMap?.[idOf('flow', 2)], _exportId: state.idMap?.[idOf('export', 2)] },
      ],
    });
  });

  test('are left out with their links when the request drops them', async () => {
    await using world = await startWorld(documents);

    const state = await cloned(
      world,
      world.request({
        source: { account: 'blueprint', flowIds: [idOf('flow', 1), idOf('flow', 3)] },
        linkedFlows: 'drop',
      }),
    );

    expect(codes(state.warnings)).toEqual([
      'link_dropped /_keepDeltaBehindFlowId',
      'link_dropped /_runNextExportIds/0/_exportId',
      'link_dropped /_runNextExportIds/0/_flowId',
      'link_dropped /_runNextFlowIds/0',
    ]);
    expect(world.target('flows')).toHaveLength(2);
    const copy = world.copyOf(state, idOf('flow'));
    expect(copy['_runNextFlowIds']).toEqual([state.idMap?.[idOf('flow', 3)]]);
    expect(copy).not.toHaveProperty('_keepDeltaBehindFlowId');
    expect(copy).not.toHaveProperty('_keepDeltaBehindExportId');
    expect(copy['_runNextExportIds'] ?? []).toEqual([]);
  });
});

describe('Ids in text', () => {
  const content = [
    `const uri = '/v1/exports/${idOf('export')}/data';`,
    `const bare = "${idOf('import')}";`,
    `const field = { _exportId: '${OUTSIDE}' };`,
    `const hash = '${idOf('export')}${idOf('export')}';`,
    `const other = '${FOREIGN}';`,
    `const stray = '${idOf('flow', 9)}';`,
  ].join('\n');
  const documents = account({
    flows: [flow(1, { settings: { [idOf('export')]: `see ${idOf('flow')}` } }), flow(9)],
    exports: [
      exporting(1, {
        http: {
          method: 'GET',
          relativeURI: `/v1/flows/${idOf('flow')}/jobs`,
          body: `{{#if "${idOf('import')}"}}`,
        },
        hooks: { preSavePage: { _scriptId: idOf('script'), function: 'f' } },
        externalId: idOf('export'),
        sampleData: { id: idOf('flow') },
      }),
      exporting(9),
    ],
    scripts: [script(1, content)],
  });
  const flowIds = [idOf('flow')];

  test('of the closure are rewritten and listed with their lines; those outside are left and listed', async () => {
    await using world = await startWorld(documents);

    const state = await cloned(world, world.request({ source: { account: 'blueprint', flowIds } }));

    const to = (id: string): string => state.idMap?.[id] ?? '';
    expect(world.copyOf(state, idOf('script'))['content']).toBe(
      [
        `const uri = '/v1/exports/${to(idOf('export'))}/data';`,
        `const bare = "${to(idOf('import'))}";`,
        `const field = { _exportId: '${OUTSIDE}' };`,
        `const hash = '${idOf('export')}${idOf('export')}';`,
        `const other = '${FOREIGN}';`,
        `const stray = '${idOf('flow', 9)}';`,
      ].join('\n'),
    );
    expect(world.copyOf(state, idOf('flow'))['settings']).toEqual({
      [to(idOf('export'))]: `see ${to(idOf('flow'))}`,
    });
    expect(world.copyOf(state, idOf('export'))).toMatchObject({
      http: { relativeURI: `/v1/flows/${to(idOf('flow'))}/jobs`, body: `{{#if "${to(idOf('import'))}"}}` },
      externalId: idOf('export'),
    });
    const lines = state.warnings.map(({ code, type, path, ...rest }) => [
      code,
      type,
      path,
      (rest as { line?: number }).line,
    ]);
    expect(lines).toEqual(
      expect.arrayContaining([
        ['id_rewritten_in_text', 'script', '/content', 1],
        ['id_rewritten_in_text', 'script', '/content', 2],
        ['leftover_source_id', 'script', '/content', 3],
        ['leftover_source_id', 'script', '/content', 6],
        ['id_rewritten_in_text', 'export', '/http/relativeURI', undefined],
        ['id_rewritten_in_text', 'export', '/http/body', undefined],
      ]),
    );
    expect(lines.filter(([, type]) => type === 'script')).toHaveLength(4);
  });

  test('follow their copies when these are made again', async () => {
    await using world = await startWorld(documents);
    const first = await cloned(world, world.request({ source: { account: 'blueprint', flowIds } }));
    world.sandbox.remove('acme', 'imports', first.idMap?.[idOf('import')] ?? '');

    const state = await cloned(world, world.request({ source: { account: 'blueprint', flowIds } }));

    expect(world.copyOf(state, idOf('script'))['content']).toContain(`"${state.idMap?.[idOf('import')]}"`);
    expect(JSON.stringify(world.target('scripts'))).not.toContain(first.idMap?.[idOf('import')]);
  });
});

describe('Masked values', () => {
  test('are never written, wherever they stand', async () => {
    await using world = await startWorld(
      account({
        exports: [
          exporting(1, {
            http: { method: 'GET', relativeURI: '/', headers: [{ name: 'x', value: '******' }] },
            settings: { key: '**********', list: ['******', 'kept'] },
          }),
        ],
      }),
    );

    const state = await cloned(world, world.request());

    expect(JSON.stringify(world.sandbox.documents('acme'))).not.toContain('******');
    expect(world.copyOf(state, idOf('export'))['settings']).toEqual({ list: ['kept'] });
  });
});
