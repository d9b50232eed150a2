import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../core/model/resource.ts';
import { BULK_FROM } from '../../../core/read/fetch.ts';
import {
  account,
  cloned,
  codes,
  type Documents,
  exporting,
  flow,
  importing,
  script,
  startWorld,
  type World,
} from '../clone/world.ts';
import { idOf } from '../references/ids.ts';

const MANY = BULK_FROM + 15;
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const FEW = upTo(MANY);

/** Enough of every kind that collections are read in pages; the scripts name other scripts' exports. */
const documents = (numbers: readonly number[] = FEW): Documents =>
  account({
    flows: numbers.map((number) =>
      flow(number, {
        pageGenerators: [{ _exportId: idOf('export', number) }],
        pageProcessors: [{ type: 'import', _importId: idOf('import', number) }],
        _runNextFlowIds: number < numbers.length ? [idOf('flow', number + 1)] : [],
      }),
    ),
    exports: numbers.map((number) =>
      exporting(number, { hooks: { preSavePage: { _scriptId: idOf('script', number), function: 'f' } } }),
    ),
    imports: numbers.map((number) => importing(number)),
    scripts: numbers.map((number) => ({
      ...script(number, number === 1 ? `run('${idOf('export', 2)}')` : `// ${number}`),
      lastModified: '2026-01-01T00:00:00.000Z',
    })),
  });

const written = (world: World): string[] =>
  world
    .writes()
    .map(({ method, path }) => `${method} ${path.split('/')[2]}`)
    .sort();

describe('Many resources', () => {
  test('are read in pages, copied whole and not written again', async () => {
    await using world = await startWorld(documents());

    const state = await cloned(world, world.request());

    const reads = world.sandbox.calls('blueprint').map(({ path }) => path);
    expect(reads.filter((path) => path.startsWith('/v1/exports')).length).toBeLessThan(5);
    expect(reads.filter((path) => path.startsWith('/v1/scripts/'))).toHaveLength(MANY);
    expect(state.plan?.counts).toMatchObject({ create: 4 * MANY + 1 });
    for (const number of FEW.slice(0, -1)) {
      const next = state.idMap?.[idOf('flow', number + 1)];
      expect(world.copyOf(state, idOf('flow', number))['_runNextFlowIds']).toEqual([next]);
    }
    world.sandbox.resetCalls();
    const second = await cloned(world, world.request());
    expect(written(world)).toEqual([]);
    expect(second.idMap).toEqual(state.idMap);
    expect(second.plan?.counts).toMatchObject({ create: 0, update: 0, unchanged: 4 * MANY + 1 });
    // Only the script with an id in its text has to be read again to know that it is unchanged.
    const again = world.sandbox.calls('blueprint').map(({ path }) => path);
    expect(again.filter((path) => path.startsWith('/v1/scripts/'))).toEqual([
      `/v1/scripts/${idOf('script')}`,
    ]);
  });

  test('are asked for ahead where the flows are many, flows first, and nothing twice', async () => {
    const count = 120;
    await using world = await startWorld(documents(upTo(count)));

    const state = await cloned(
      world,
      world.request({ source: { account: 'blueprint', flowIds: upTo(count).map((n) => idOf('flow', n)) } }),
    );

    const reads = world.sandbox.calls('blueprint').map(({ path }) => path);
    const lists = reads.filter((path) => /^\/v1\/(flows|exports|imports)$/.test(path));
    expect(lists).toEqual(['/v1/flows', '/v1/exports', '/v1/imports']);
    expect(reads.filter((path) => path.startsWith('/v1/scripts/'))).toHaveLength(count);
    expect(new Set(reads).size).toBe(reads.length);
    expect(state.plan?.counts).toMatchObject({ create: 4 * count + 1 });
  });

  test('are found changed one by one, on either side', async () => {
    await using world = await startWorld(documents());
    const first = await cloned(world, world.request());
    const copy = (id: string): string => first.idMap?.[id] ?? '';
    world.sandbox.edit('blueprint', 'scripts', idOf('script', 3), (document) => {
      document['content'] = '// changed';
    });
    world.sandbox.edit('blueprint', 'exports', idOf('export', 4), (document) => {
      document['description'] = 'changed';
    });
    world.sandbox.edit('acme', 'scripts', copy(idOf('script', 5)), (document) => {
      document['content'] = '// theirs';
    });
    world.sandbox.edit('acme', 'imports', copy(idOf('import', 6)), (document) => {
      document['description'] = 'theirs';
    });
    world.sandbox.edit('acme', 'flows', copy(idOf('flow', 7)), (document) => {
      document['schedule'] = '? 5 5 ? * *';
    });
    world.sandbox.remove('acme', 'scripts', copy(idOf('script', 8)));
    world.sandbox.resetCalls();

    const second = await cloned(world, world.request());

    expect(written(world)).toEqual([
      'POST scripts',
      'PUT exports',
      'PUT exports',
      'PUT flows',
      'PUT imports',
      'PUT scripts',
      'PUT scripts',
    ]);
    expect(world.copyOf(second, idOf('script', 3))['content']).toBe('// changed');
    expect(world.copyOf(second, idOf('script', 5))['content']).toBe('// 5');
    expect(world.copyOf(second, idOf('script', 8))['content']).toBe('// 8');
    expect(world.copyOf(second, idOf('import', 6))).not.toHaveProperty('description');
    expect(world.copyOf(second, idOf('flow', 7))).not.toHaveProperty('schedule');
    expect(world.copyOf(second, idOf('export', 8))['hooks']).toMatchObject({
      preSavePage: { _scriptId: second.idMap?.[idOf('script', 8)] },
    });
    expect(codes(second.warnings).filter((code) => code.startsWith('target_changed'))).toHaveLength(3);
    world.sandbox.resetCalls();
    await cloned(world, world.request());
    expect(written(world)).toEqual([]);
  });

  test('keep ids in the text of a script right when what they name is made again', async () => {
    await using world = await startWorld(documents());
    const first = await cloned(world, world.request());
    world.sandbox.remove('acme', 'exports', first.idMap?.[idOf('export', 2)] ?? '');

    const second = await cloned(world, world.request());

    expect(world.copyOf(second, idOf('script'))['content']).toBe(
      `run('${second.idMap?.[idOf('export', 2)]}')`,
    );
  });

  test('that are missing are named, each of them', async () => {
    const some = documents();
    some['imports'] = (some['imports'] ?? []).slice(0, 5);
    await using world = await startWorld(some);

    const refusal = await world.refusal(world.request());

    expect(refusal.problems).toHaveLength(MANY - 5);
    expect(new Set(refusal.problems.map(({ code }) => code))).toEqual(new Set(['unresolved_reference']));
  });
});

describe('A closure', () => {
  test('is read once: nothing is asked for twice', async () => {
    await using world = await startWorld(
      account({
        flows: [1, 2, 3].map((number) => flow(number, { _runNextFlowIds: [idOf('flow', (number % 3) + 1)] })),
      }),
    );

    await world.plan(world.request());

    const reads = world.sandbox.calls('blueprint').map(({ path }) => path);
    expect(new Set(reads).size).toBe(reads.length);
  });

  test('ends at what is mapped: what that refers to in the source plays no part', async () => {
    await using world = await startWorld(
      account({
        connections: [1, 2].map((number) => ({
          _id: idOf('connection', number),
          name: `Connection ${number}`,
          type: 'http',
          _agentId: idOf('agent'),
          settingsForm: { init: { _scriptId: idOf('script', 9) } },
        })),
      }),
    );

    const state = await cloned(world, world.request());

    expect(Object.keys(state.idMap ?? {})).not.toContain(idOf('agent'));
  });

  test('is not enlarged by aliases and registered connections', async () => {
    const aliases = [{ alias: 'other', _flowId: idOf('flow', 2) }] as JsonObject[];
    await using world = await startWorld(
      account({
        integrations: [
          {
            _id: idOf('integration'),
            name: 'Integration 1',
            aliases,
            _registeredConnectionIds: [idOf('connection', 3)],
          },
        ],
        flows: [flow(1), flow(2)],
      }),
    );

    const state = await cloned(
      world,
      world.request({ source: { account: 'blueprint', flowIds: [idOf('flow')] } }),
    );

    expect(Object.keys(state.idMap ?? {})).toHaveLength(6);
    expect(codes(state.warnings)).toEqual([
      'alias_outside_closure /aliases/0/_flowId',
      'registered_connection_outside_closure /_registeredConnectionIds',
    ]);
  });
});
