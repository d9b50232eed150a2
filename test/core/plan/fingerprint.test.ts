import { describe, expect, test } from '@jest/globals';
import { cloneRequest } from '../../../core/model/request.ts';
import type { Document, ResourceType } from '../../../core/model/resource.ts';
import type { Account, ListOptions } from '../../../core/ports.ts';
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

/** The same account, whose answers come back in another order each time. */
function shuffled(account: Account, random: () => number): Account {
  const late = async <T>(value: T): Promise<T> => {
    await new Promise((resolve) => setTimeout(resolve, Math.floor(random() * 8)));
    return value;
  };
  return new Proxy(account, {
    get(target, name) {
      if (name === 'get') {
        return async (type: ResourceType, id: string) => late(await target.get(type, id));
      }
      if (name === 'list') {
        return async function* (type: ResourceType, options?: ListOptions) {
          for await (const page of target.list(type, options)) {
            yield [...page].sort((a: Document, b: Document) => (a._id > b._id ? -1 : 1));
          }
        };
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** A small generator of numbers below one, the same for the same seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

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
