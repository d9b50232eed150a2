import { expect, test } from '@jest/globals';
import type { Document, JsonObject } from '../../../core/model/resource.ts';
import { idOf } from '../references/ids.ts';
import {
  account,
  cloned,
  type Documents,
  exporting,
  flow,
  importing,
  integration,
  script,
  startWorld,
} from './world.ts';

const toolImport: Document = {
  _id: idOf('import'),
  name: 'Call the tool',
  adaptorType: 'ToolImport',
  tool: { _toolId: idOf('tool') },
};
const tool: Document = {
  _id: idOf('tool'),
  name: 'The tool',
  _integrationId: idOf('integration'),
  routers: [
    {
      id: 'r1',
      branches: [{ name: 'all', pageProcessors: [{ type: 'import', _importId: idOf('import') }] }],
    },
  ],
};
const asynchelper: Document = {
  _id: idOf('asynchelper'),
  name: 'Wait',
  http: {
    submit: { sameAsStatus: true },
    status: { _exportId: idOf('export', 2) },
    result: { _exportId: idOf('export') },
  },
};
const text = `// the first line\nexports.run('/v1/exports/${idOf('export')}');\n`;

/** Circles, and how many resources get their links by a second write. */
const CIRCLES: [string, Documents, number][] = [
  [
    'two flows that start each other',
    {
      flows: [
        flow(1, { _runNextFlowIds: [idOf('flow', 2)] }),
        flow(2, { _runNextFlowIds: [idOf('flow', 1)] }),
      ],
    },
    1,
  ],
  ['a flow that starts itself', { flows: [flow(1, { _runNextFlowIds: [idOf('flow')] })] }, 1],
  [
    'three flows in a ring, each keeping its delta behind the next',
    {
      flows: [1, 2, 3].map((number) => {
        const next = (number % 3) + 1;
        return flow(number, {
          pageGenerators: [
            {
              _exportId: idOf('export', number),
              _keepDeltaBehindFlowId: idOf('flow', next),
              _keepDeltaBehindExportId: idOf('export', next),
            },
          ],
          _runNextFlowIds: [idOf('flow', next)],
        });
      }),
      exports: [1, 2, 3].map((number) => exporting(number)),
    },
    1,
  ],
  [
    'an export and its async helper',
    {
      exports: [
        exporting(1, {
          http: { method: 'GET', relativeURI: '/report', _asyncHelperId: idOf('asynchelper') },
        }),
        exporting(2),
      ],
      asynchelpers: [asynchelper],
    },
    1,
  ],
  ['an import and the tool it calls', { imports: [toolImport], tools: [tool] }, 1],
  [
    'an integration whose aliases name its flows',
    {
      integrations: [
        integration(1, {
          aliases: [
            { alias: 'first', _flowId: idOf('flow') },
            { alias: 'orders', _exportId: idOf('export') },
          ],
        }),
      ],
    },
    1,
  ],
  [
    'a script whose text names the export that runs it',
    {
      scripts: [script(1, text)],
      exports: [exporting(1, { hooks: { preSavePage: { _scriptId: idOf('script'), function: 'run' } } })],
    },
    1,
  ],
  [
    'a script whose text names itself',
    {
      scripts: [script(1, `module('${idOf('script')}')`)],
      exports: [
        exporting(1, { filter: { type: 'script', script: { _scriptId: idOf('script'), function: 'run' } } }),
      ],
    },
    1,
  ],
  [
    'two exports whose text names each other',
    {
      flows: [flow(1, { pageGenerators: [1, 2].map((number) => ({ _exportId: idOf('export', number) })) })],
      exports: [1, 2].map((number) =>
        exporting(number, {
          http: { method: 'GET', relativeURI: `/v1/exports/${idOf('export', 3 - number)}/data` },
        }),
      ),
    },
    1,
  ],
];

test.each(CIRCLES)(
  '%s: created without the late links, which come in one PUT a resource',
  async (_, documents, linked) => {
    await using world = await startWorld(account(documents));

    const state = await cloned(world, world.request());

    const puts = world.writes().filter(({ method, path }) => method === 'PUT' && !path.endsWith('/register'));
    expect(puts).toHaveLength(linked);
    expect(new Set(puts.map(({ path }) => path)).size).toBe(puts.length);
    const made = JSON.stringify(
      Object.values(state.idMap ?? {}).map((id) =>
        world.sandbox.documents('acme').find(({ _id }) => _id === id),
      ),
    );
    for (const sourceId of Object.keys(state.idMap ?? {})) expect(made).not.toContain(sourceId);
    expect(made).not.toContain('0'.repeat(24));
    world.sandbox.resetCalls();
    await cloned(world, world.request());
    expect(world.writes()).toEqual([]);
  },
);

test.each(CIRCLES)('%s: the copies hang together as the originals do', async (_, documents) => {
  await using world = await startWorld(account(documents));

  const state = await cloned(world, world.request());

  for (const collection of ['flows', 'asynchelpers', 'tools', 'scripts', 'imports', 'exports']) {
    for (const original of documents[collection] ?? []) {
      let expected = JSON.stringify(original);
      for (const [from, to] of Object.entries(state.idMap ?? {})) expected = expected.replaceAll(from, to);
      const { _id, disabled, ...rest } = JSON.parse(expected) as JsonObject;
      expect(world.copyOf(state, original._id)).toMatchObject(rest);
    }
  }
});

test('All late links of a flow come in one PUT, whatever their number', async () => {
  const flows = [1, 2, 3, 4].map((number) =>
    flow(number, {
      _runNextFlowIds: [1, 2, 3, 4].filter((other) => other !== number).map((other) => idOf('flow', other)),
    }),
  );
  await using world = await startWorld(account({ flows, imports: [importing(1)] }));

  const state = await cloned(world, world.request());

  const puts = world.writes().filter(({ method, path }) => method === 'PUT' && path.includes('/flows/'));
  expect(new Set(puts.map(({ path }) => path)).size).toBe(puts.length);
  for (const original of flows) {
    const next = (original['_runNextFlowIds'] as string[]).map((id) => state.idMap?.[id]);
    expect(world.copyOf(state, original._id)['_runNextFlowIds']).toEqual(next);
  }
});

test('A long chain of flows is cut rather than waited for link by link', async () => {
  const flows = Array.from({ length: 20 }, (_, index) =>
    flow(index + 1, index < 19 ? { _runNextFlowIds: [idOf('flow', index + 2)] } : {}),
  );
  await using world = await startWorld(account({ flows }));

  const state = await cloned(
    world,
    world.request({ source: { account: 'blueprint', flowIds: [idOf('flow')] } }),
  );

  expect(world.target('flows')).toHaveLength(20);
  for (const original of flows.slice(0, 19)) {
    const next = (original['_runNextFlowIds'] as string[]).map((id) => state.idMap?.[id]);
    expect(world.copyOf(state, original._id)['_runNextFlowIds']).toEqual(next);
  }
});

test('A circle through places that no row of their own describes is cut there', async () => {
  const exports = [1, 2].map((number) =>
    exporting(number, {
      transform: { type: 'script', script: { _scriptId: idOf('script', number) } },
    }),
  );
  const scripts = [1, 2].map((number) => ({
    ...script(number, ''),
    preSave: { _scriptId: idOf('script', 3 - number) },
  }));
  await using world = await startWorld(account({ exports, scripts }));

  const outcome = await world.clone(world.request());

  expect(outcome.status).toBe('succeeded');
});
