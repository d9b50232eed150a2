import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../adapters/integrator/index.ts';
import type { Document } from '../../../core/model/resource.ts';
import type { Clock } from '../../../core/ports.ts';
import type { Call, CallVerdict } from '../../../sandbox/index.ts';
import { idOf } from '../references/ids.ts';
import { account, cloned, codes, importing, startWorld, type World } from './world.ts';

/**
 * A world in which the first import that is made gets lost on its way, and lands in the end, right before the first
 * flow is made: the import that was made in its place has a twin then.
 */
async function startLate(owner: string, documents = account()): Promise<World> {
  const waits = new Set(['/v1/imports', '/v1/flows']);
  const onCall = ({ method, path }: Call, phase: 'before' | 'after'): CallVerdict => {
    if (phase === 'after' || method !== 'POST' || !waits.delete(path)) return undefined;
    if (path === '/v1/imports') return 'drop';
    const made = world.sandbox.documents(owner, 'imports').at(-1) as Document;
    world.sandbox.load(owner, { imports: [{ ...made, _id: 'f'.repeat(24) }] });
    return undefined;
  };
  const world: World = await startWorld(documents, {}, { onCall });
  return world;
}

test('A copy that a lost call makes late is found and deleted, also where an override changed its name.', async () => {
  await using world = await startLate('acme');
  const patch = [{ op: 'replace' as const, path: '/name', value: 'Renamed' }];

  const state = await cloned(world, world.request({ overrides: [{ select: { type: 'import' }, patch }] }));

  expect(codes(state.warnings)).toEqual(['late_twin_removed']);
  expect(world.target('imports').map(({ _id, name }) => [_id, name])).toEqual([
    [state.idMap?.[idOf('import')], 'Renamed'],
  ]);
});

test('A clone within one account takes no original for what a lost call made, and undoing it leaves all originals.', async () => {
  // As new as a copy, and equal to one.
  const now = new Date().toISOString();
  const documents = account({ imports: [importing(1, { createdAt: now, lastModified: now })] });
  await using world = await startLate('blueprint', documents);
  const imports = () => world.sandbox.documents('blueprint', 'imports').map(({ _id }) => _id);

  const state = await cloned(world, {
    source: { account: 'blueprint', flowIds: [idOf('flow')] },
    target: { account: 'blueprint' },
  });
  const after = imports();
  const undone = await world.rollback(state.cloneId ?? '');

  expect(after).toEqual([idOf('import'), state.idMap?.[idOf('import')]]);
  expect(undone.status).toBe('rolled-back');
  expect(imports()).toEqual([idOf('import')]);
});

describe('A lost call that lands long after it was sent again', () => {
  /** A world whose first import gets lost, and lands while the last look at what was sent twice is waited for. */
  async function startLater(): Promise<World> {
    let isLost = false;
    const onCall = ({ method, path }: Call, phase: 'before' | 'after'): CallVerdict => {
      if (isLost || phase === 'after' || method !== 'POST' || path !== '/v1/imports') return undefined;
      isLost = true;
      return 'drop';
    };
    const clock: Clock = {
      ...systemClock,
      // Waits that nothing cuts short take no time here; the longest of them is the one for what may still land.
      sleep: async (ms, signal) => {
        if (signal !== undefined) return systemClock.sleep(ms, signal);
        if (ms < 2_000) return;
        const made = world.target('imports').at(-1) as Document;
        world.sandbox.load('acme', { imports: [{ ...made, _id: 'f'.repeat(24) }] });
      },
    };
    const world: World = await startWorld(account(), {}, { onCall }, { clock, adoptionWaitMs: 1_000 });
    return world;
  }

  test('is waited for before anything is woken, and its copy deleted.', async () => {
    await using world = await startLater();

    const state = await cloned(world, world.request());

    expect(codes(state.warnings)).toEqual(['late_twin_removed']);
    expect(world.target('imports').map(({ _id }) => _id)).toEqual([state.idMap?.[idOf('import')]]);
  });

  test('is waited for before a clone is undone, and leaves nothing behind.', async () => {
    await using world = await startLater();
    const post = { account: 'acme', method: 'POST', path: /^\/v1\/flows$/ } as const;
    world.sandbox.faults.add({ ...post, always: true, effect: 'status', status: 422 });

    const state = await world.clone(world.request());

    expect(state.status).toBe('rolled-back');
    expect(world.target('imports')).toEqual([]);
  });
});
