import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../core/model/resource.ts';
import { idOf } from '../references/ids.ts';
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
} from './world.ts';

const documents = (): Documents =>
  account({
    integrations: [
      integration(1, {
        description: 'all of it',
        flowGroupings: [{ _id: idOf('flowgrouping'), name: 'Nightly' }],
      }),
    ],
    flows: [
      flow(1, { schedule: '? 5 0 ? * *', _runNextFlowIds: [idOf('flow', 2)], description: 'first' }),
      flow(2),
    ],
    exports: [exporting(1, { hooks: { preSavePage: { _scriptId: idOf('script'), function: 'run' } } })],
    scripts: [script(1, `exports.run('${idOf('export')}')`)],
  });

/** What was written, as `PUT flows`. */
const written = (world: World): string[] =>
  world.writes().map(({ method, path }) => `${method} ${path.split('/')[2]}`);

/** The source's documents in the target's ids, without what the target's are not to be compared by. */
function expectFaithful(world: World, idMap: Record<string, string>): void {
  for (const collection of ['integrations', 'flows', 'exports', 'imports', 'scripts']) {
    for (const original of world.sandbox.documents('blueprint', collection)) {
      let text = JSON.stringify(original);
      for (const [from, to] of Object.entries(idMap)) text = text.replaceAll(from, to);
      const expected = plain(JSON.parse(text) as JsonObject);
      const copy = world.target(collection).find(({ _id }) => _id === idMap[original._id]);
      expect(plain(copy ?? {})).toEqual({ ...EMPTY[collection], ...expected });
    }
  }
}
const EMPTY: Record<string, JsonObject> = { flows: { autoResolveMatchingTraceKeys: true } };
const plain = (document: JsonObject): JsonObject => {
  const { _id, createdAt, lastModified, apiIdentifier, disabled, asynchronous, ...rest } = document;
  delete rest['_registeredConnectionIds'];
  if (rest['flowGroupings'] !== undefined)
    rest['flowGroupings'] = (rest['flowGroupings'] as JsonObject[]).map(({ name }) => ({ name }));
  for (const step of (rest['pageProcessors'] ?? []) as JsonObject[]) delete step['responseMapping'];
  return rest;
};

/** A change, and what a clone after it writes. */
type Case = [string, (world: World, idMap: Record<string, string>) => void, string[]];

const source =
  (collection: string, id: string, change: (document: Record<string, unknown>) => void): Case[1] =>
  (world) =>
    world.sandbox.edit('blueprint', collection, id, change);
const target =
  (collection: string, id: string, change: (document: Record<string, unknown>) => void): Case[1] =>
  (world, idMap) =>
    world.sandbox.edit('acme', collection, idMap[id] ?? '', change);

const CASES: Case[] = [
  ['nothing', () => undefined, []],
  [
    'a field of an export in the source',
    source('exports', idOf('export'), (document) => {
      document['http'] = { method: 'GET', relativeURI: '/v2/orders' };
    }),
    ['PUT exports'],
  ],
  [
    'a field taken away in the source',
    source('flows', idOf('flow'), (document) => {
      delete document['schedule'];
      delete document['description'];
    }),
    ['PUT flows'],
  ],
  [
    'a script in the source',
    source('scripts', idOf('script'), (document) => {
      document['content'] = `// more\nexports.run('${idOf('export')}')`;
    }),
    ['PUT scripts'],
  ],
  [
    'the link of a flow in the source',
    source('flows', idOf('flow'), (document) => {
      document['_runNextFlowIds'] = [];
    }),
    ['PUT flows'],
  ],
  [
    'the time of a document in the source, and nothing else',
    source('exports', idOf('export'), () => undefined),
    [],
  ],
  [
    'the order of members in the source',
    source('exports', idOf('export'), (document) => {
      const { http, ...rest } = document;
      for (const name of Object.keys(document)) delete document[name];
      Object.assign(document, { http }, rest);
    }),
    [],
  ],
  [
    'whether a flow is enabled in the source',
    source('flows', idOf('flow'), (document) => {
      document['disabled'] = true;
    }),
    [],
  ],
  [
    'the name of a group in the source',
    source('integrations', idOf('integration'), (document) => {
      (document['flowGroupings'] as JsonObject[])[0] = { _id: idOf('flowgrouping'), name: 'Nightly' };
      (document['flowGroupings'] as JsonObject[]).push({ _id: idOf('flowgrouping', 2), name: 'Daily' });
    }),
    ['PUT integrations'],
  ],
  [
    'a new step in the source',
    (world) => {
      world.sandbox.load('blueprint', {
        imports: [...world.sandbox.documents('blueprint', 'imports'), importing(2)],
      });
      world.sandbox.edit('blueprint', 'flows', idOf('flow'), (document) => {
        (document['pageProcessors'] as JsonObject[]).push({ type: 'import', _importId: idOf('import', 2) });
      });
    },
    ['POST imports', 'PUT flows'],
  ],
  [
    'a value of a copy',
    target('imports', idOf('import'), (document) => {
      document['http'] = { method: ['PUT'], relativeURI: ['/theirs'] };
    }),
    ['PUT imports'],
  ],
  [
    'a copy, to which somebody added something',
    target('flows', idOf('flow', 2), (document) => {
      document['schedule'] = '? 9 9 ? * *';
    }),
    ['PUT flows'],
  ],
  [
    'a copy, from which somebody took something',
    target('scripts', idOf('script'), (document) => {
      document['content'] = '';
    }),
    ['PUT scripts'],
  ],
  ['a copy, which somebody saved as it was', target('exports', idOf('export'), () => undefined), []],
  [
    'whether a copy is enabled',
    target('flows', idOf('flow'), (document) => {
      document['disabled'] = false;
    }),
    [],
  ],
  [
    'an import, which somebody deleted',
    (world, idMap) => world.sandbox.remove('acme', 'imports', idMap[idOf('import')] ?? ''),
    ['POST imports', 'PUT flows', 'PUT flows'],
  ],
  [
    'an export, which somebody deleted',
    (world, idMap) => world.sandbox.remove('acme', 'exports', idMap[idOf('export')] ?? ''),
    ['POST exports', 'PUT flows', 'PUT flows', 'PUT scripts'],
  ],
  [
    'a linked flow, which somebody deleted',
    (world, idMap) => world.sandbox.remove('acme', 'flows', idMap[idOf('flow', 2)] ?? ''),
    ['POST flows', 'PUT flows'],
  ],
];

describe('After a change of', () => {
  test.each(CASES)('%s, a clone writes only what differs and ends faithful', async (_, change, expected) => {
    await using world = await startWorld(documents());
    const first = await cloned(world, world.request());
    const enabled = new Map(world.target('flows').map(({ _id, disabled }) => [_id, disabled]));
    change(world, first.idMap ?? {});
    for (const { _id, disabled } of world.target('flows')) enabled.set(_id, disabled);
    world.sandbox.resetCalls();

    const second = await cloned(world, world.request());
    const writes = written(world);
    const idMap = second.idMap ?? {};

    expect(writes.sort()).toEqual(expected);
    expectFaithful(world, idMap);
    for (const { _id, disabled } of world.target('flows')) expect(disabled).toBe(enabled.get(_id) ?? true);
    world.sandbox.resetCalls();
    await cloned(world, world.request());
    expect(written(world)).toEqual([]);
  });

  test('a copy that somebody edited, the plan says that this is overwritten, and where', async () => {
    await using world = await startWorld(documents());
    const first = await cloned(world, world.request());
    world.sandbox.edit('acme', 'flows', first.idMap?.[idOf('flow')] ?? '', (document) => {
      document['schedule'] = '? 9 9 ? * *';
    });

    const plan = await world.plan(world.request());

    expect(codes(plan.warnings.filter(({ code }) => code === 'target_changed'))).toEqual([
      'target_changed /schedule',
    ]);
  });

  test('a copy that somebody deleted, the plan says that it is made again', async () => {
    await using world = await startWorld(documents());
    const first = await cloned(world, world.request());
    world.sandbox.remove('acme', 'imports', first.idMap?.[idOf('import')] ?? '');

    const plan = await world.plan(world.request());

    expect(plan.warnings.filter(({ code }) => code === 'copy_recreated')).toMatchObject([
      { type: 'import', sourceId: idOf('import') },
    ]);
  });
});

describe('What exists already', () => {
  test('is left as it is when the request says keep', async () => {
    await using world = await startWorld(documents());
    await cloned(world, world.request());
    world.sandbox.edit('blueprint', 'exports', idOf('export'), (document) => {
      document['description'] = 'new';
    });
    world.sandbox.resetCalls();

    const state = await cloned(world, world.request({ onExisting: 'keep' }));

    expect(written(world)).toEqual([]);
    expect(state.plan?.counts).toMatchObject({ create: 0, update: 0, unchanged: 0 });
  });

  test('is left as it is when the request says keep, and nothing is made that only it would need', async () => {
    await using world = await startWorld(documents());
    await cloned(world, world.request());
    world.sandbox.load('blueprint', {
      imports: [...world.sandbox.documents('blueprint', 'imports'), importing(2), importing(3)],
      flows: [
        ...world.sandbox.documents('blueprint', 'flows'),
        flow(3, { pageProcessors: [{ type: 'import', _importId: idOf('import', 3) }] }),
      ],
    });
    world.sandbox.edit('blueprint', 'flows', idOf('flow'), (document) => {
      document['pageProcessors'] = [{ type: 'import', _importId: idOf('import', 2) }];
    });
    world.sandbox.resetCalls();

    const flowIds = [1, 2, 3].map((number) => idOf('flow', number));
    const state = await cloned(
      world,
      world.request({ source: { account: 'blueprint', flowIds }, onExisting: 'keep' }),
    );

    expect(written(world)).toEqual(['POST imports', 'POST flows']);
    expect(state.idMap).not.toHaveProperty(idOf('import', 2));
    expect(world.copyOf(state, idOf('flow', 3))['pageProcessors']).toMatchObject([
      { _importId: state.idMap?.[idOf('import', 3)] },
    ]);
  });

  test('keeps a clone from being begun when the request says fail', async () => {
    await using world = await startWorld(documents());
    await cloned(world, world.request());

    const refusal = await world.refusal(world.request({ onExisting: 'fail' }));

    expect(new Set(refusal.problems.map(({ code }) => code))).toEqual(new Set(['already_exists']));
    expect(refusal.problems).toHaveLength(6);
  });

  test('and was enabled stays enabled when it is updated', async () => {
    await using world = await startWorld(documents());
    await cloned(world, world.request({ activate: true }));
    world.sandbox.edit('blueprint', 'flows', idOf('flow'), (document) => {
      document['description'] = 'second';
    });

    const state = await cloned(world, world.request());

    expect(world.copyOf(state, idOf('flow'))).toMatchObject({ disabled: false, description: 'second' });
  });

  test('keeps the sample data that was gathered in the target', async () => {
    await using world = await startWorld(documents());
    const first = await cloned(world, world.request());
    world.sandbox.edit('acme', 'exports', first.idMap?.[idOf('export')] ?? '', (document) => {
      document['sampleData'] = { theirs: true };
    });
    world.sandbox.edit('blueprint', 'exports', idOf('export'), (document) => {
      document['description'] = 'new';
      document['sampleData'] = { ours: true };
    });

    const second = await cloned(world, world.request());

    expect(world.copyOf(second, idOf('export'))).toMatchObject({
      description: 'new',
      sampleData: { theirs: true },
    });
  });

  test('as a webhook keeps its address when it is updated', async () => {
    const webhook = exporting(1, {
      adaptorType: 'WebhookExport',
      type: 'webhook',
      webhook: { provider: 'custom', verify: 'secret_url', token: 'of-the-source' },
    });
    delete (webhook as JsonObject)['_connectionId'];
    await using world = await startWorld(account({ exports: [webhook] }));
    const first = await cloned(
      world,
      world.request({ connectionMap: { [idOf('connection', 2)]: `e0${idOf('connection', 2).slice(2)}` } }),
    );
    const tokenOf = (): unknown => (world.copyOf(first, idOf('export'))['webhook'] as JsonObject)['token'];
    const token = tokenOf();
    world.sandbox.edit('blueprint', 'exports', idOf('export'), (document) => {
      document['description'] = 'new';
    });
    world.sandbox.resetCalls();

    await cloned(world, world.request());

    expect(written(world)).toEqual(['PUT exports']);
    expect(token).toEqual(expect.any(String));
    expect(token).not.toBe('of-the-source');
    expect(tokenOf()).toBe(token);
    const sent = first.flows?.[0]?.webhookUrls;
    expect(sent).toEqual([expect.stringContaining(String(first.idMap?.[idOf('export')]))]);
  });
});
