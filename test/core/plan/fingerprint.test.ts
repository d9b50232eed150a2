import { describe, expect, test } from '@jest/globals';
import { cloneRequest } from '../../../core/model/request.ts';
import {
  account,
  cloned,
  exporting,
  flow,
  HOME,
  importing,
  integration,
  script,
  startWorld,
  type World,
} from '../clone/world.ts';
import { idOf } from '../references/ids.ts';
import { numbers, shuffled } from './shuffled.ts';

const documents = () =>
  account({
    integrations: [integration(1, { aliases: [{ alias: 'a', _flowId: idOf('flow') }] })],
    flows: [1, 2, 3].map((number) =>
      flow(number, {
        pageGenerators: [{ _exportId: idOf('export', number) }],
        pageProcessors: [
          { type: 'import', _importId: idOf('import', (number % 2) + 1) },
          { type: 'import', _importId: idOf('import', 3) },
        ],
        _runNextFlowIds: [idOf('flow', (number % 3) + 1)],
      }),
    ),
    exports: [1, 2, 3].map((number) =>
      exporting(number, { hooks: { preSavePage: { _scriptId: idOf('script', number), function: 'f' } } }),
    ),
    imports: [1, 2, 3].map((number) => importing(number)),
    scripts: [1, 2, 3].map((number) =>
      script(number, `run('${idOf('export', number)}', '${idOf('flow', number)}')`),
    ),
  });

const moved = async (world: World, planFingerprint: string, rest = {}): Promise<string[]> => {
  const refusal = await world.refusal(world.request({ planFingerprint, ...rest }));
  expect(refusal.code).toBe('plan_changed');
  return refusal.problems.map(({ message }) => message.replace(/The (\w+) changed.*/, '$1'));
};

describe('A plan', () => {
  test('is the same again, and the one that is carried out', async () => {
    await using world = await startWorld(documents());

    const first = await world.plan(world.request());
    const second = await world.plan(world.request());
    const state = await cloned(world, world.request({ planFingerprint: first.plan?.fingerprint ?? '' }));

    expect(second).toEqual({
      ...first,
      stats: second.stats,
      plan: { ...first.plan, cost: second.plan?.cost },
    });
    expect(state.plan?.fingerprint).toBe(first.plan?.fingerprint);
    expect(state.plan?.counts).toEqual(first.plan?.counts);
    expect(state.actions?.map(({ action, sourceId }) => [action, sourceId])).toEqual(
      first.actions?.map(({ action, sourceId }) => [action, sourceId]),
    );
  });

  test('is the same when a copy was only enabled, or saved without a change', async () => {
    await using world = await startWorld(documents());
    const state = await cloned(world, world.request());
    const before = await world.plan(world.request());

    for (const [collection, id] of [
      ['flows', idOf('flow', 1)],
      ['exports', idOf('export', 1)],
    ] as const) {
      world.sandbox.edit('acme', collection, state.idMap?.[id] ?? '', (document) => {
        if (collection === 'flows') document['disabled'] = false;
      });
    }
    const after = await world.plan(world.request());

    expect(after.plan?.fingerprint).toBe(before.plan?.fingerprint);
  });

  test('is the same whatever order the reads came back in', async () => {
    await using world = await startWorld(documents());
    const straight = await world.plan(world.request());
    const open = world.ports.accounts.open.bind(world.ports.accounts);

    for (const seed of [1, 2, 3, 4, 5]) {
      const random = numbers(seed);
      const ports = {
        ...world.ports,
        accounts: { open: async (...args: Parameters<typeof open>) => shuffled(await open(...args), random) },
      };
      const request = world.request();
      const flowIds = [...(request.source.flowIds ?? [])].sort(() => random() - 0.5);
      const plan = await world.engine.planOnly(
        ports,
        cloneRequest.parse({ ...request, source: { ...request.source, flowIds } }),
      );

      const { fingerprint: _, ...summary } = plan.plan ?? { fingerprint: '' };
      expect(summary).toEqual({ counts: straight.plan?.counts, cost: straight.plan?.cost });
      expect({ seed, actions: plan.actions }).toEqual({ seed, actions: straight.actions });
      expect(plan.warnings).toEqual(straight.warnings);
      expect(plan.plan?.fingerprint).toBe(straight.plan?.fingerprint);
    }
  });

  test('that no longer fits is refused, and what moved is named', async () => {
    await using world = await startWorld(documents());
    const { plan } = await world.plan(world.request());
    const seen = plan?.fingerprint ?? '';

    expect(await moved(world, seen, { activate: true })).toEqual(['options']);
    world.sandbox.edit('blueprint', 'exports', idOf('export'), (document) => {
      document['description'] = 'new';
    });
    expect(await moved(world, seen)).toEqual(['source']);
    await cloned(world, world.request());
    expect(await moved(world, seen)).toEqual(['source', 'target']);
    expect(await moved(world, seen, { target: { account: 'acme', integrationId: HOME } })).toEqual([
      'options',
      'source',
      'target',
    ]);
    expect(await moved(world, 'something else')).toEqual(['This is not a fingerprint of a plan.']);
  });

  test('depends on a flow of the source being enabled, since activate does', async () => {
    await using world = await startWorld(documents());
    const { plan } = await world.plan(world.request());
    world.sandbox.edit('blueprint', 'flows', idOf('flow'), (document) => {
      document['disabled'] = true;
    });

    expect(await moved(world, plan?.fingerprint ?? '')).toEqual(['source']);
  });

  test('does not depend on pace, name of the callback or what happens on failure', async () => {
    await using world = await startWorld(documents());
    const { plan } = await world.plan(world.request());

    const other = await world.plan(
      world.request({ rateShare: 0.1, onFailure: 'keep', callbackUrl: 'https://example.com/', dryRun: true }),
    );

    expect(other.plan?.fingerprint).toBe(plan?.fingerprint);
  });
});
