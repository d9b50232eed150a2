import { describe, expect, test } from '@jest/globals';
import { idOf } from '../references/ids.ts';
import { account, cloned, flow, importing, script, startWorld, theirs } from './world.ts';

const NAME = 'Create invoice';
const POST_IMPORT = { account: 'acme', method: 'POST', path: /^\/v1\/imports$/ } as const;
const hooks = { hooks: { preMap: { _scriptId: idOf('script', 1), function: 'f' } } };

/** One flow over two imports of one name, of which the first holds all that the second holds, and a hook. */
const documents = account({
  scripts: [script(1, 'function f() {}')],
  imports: [importing(1, { name: NAME, ...hooks }), importing(2, { name: NAME })],
  flows: [
    flow(1, {
      pageProcessors: [1, 2].map((number) => ({ type: 'import', _importId: idOf('import', number) })),
    }),
  ],
});

describe('Of two originals of which one holds all of the other', () => {
  test('each is found again as its own copy when the answers to both are lost.', async () => {
    await using world = await startWorld(documents);
    for (const nth of [1, 2]) world.sandbox.faults.add({ ...POST_IMPORT, nth, effect: 'drop-after' });

    const state = await cloned(world, world.request());

    expect(world.target('imports')).toHaveLength(2);
    expect(world.copyOf(state, idOf('import', 1))['hooks']).toBeDefined();
    expect(world.copyOf(state, idOf('import', 2))['hooks']).toBeUndefined();
  });

  test('the lesser never takes the copy of the greater, though it is the only one there.', async () => {
    await using world = await startWorld(documents);
    // The plain one goes out first, since the other needs its script.
    world.sandbox.faults.add({ ...POST_IMPORT, nth: 1, effect: 'drop-before' });
    world.sandbox.faults.add({ ...POST_IMPORT, nth: 2, effect: 'drop-after' });

    const state = await cloned(world, world.request());

    expect(world.target('imports')).toHaveLength(2);
    expect(world.copyOf(state, idOf('import', 1))['hooks']).toBeDefined();
    expect(world.copyOf(state, idOf('import', 2))['hooks']).toBeUndefined();
  });
});

test('What somebody else made meanwhile, alike but for more in it, is no late twin and stays.', async () => {
  await using world = await startWorld(account());
  world.sandbox.faults.add({ ...POST_IMPORT, nth: 1, effect: 'drop-before' });
  const { _id: _, ...own } = importing(1, { description: "The tenant's own", _connectionId: theirs(2) });
  const { clones } = world.ports;
  const save = clones.save.bind(clones);
  let isMade = false;
  clones.save = async (record) => {
    await save(record);
    // What is saved so is that a create is about to be sent again.
    if (isMade || !Array.isArray(record.notes?.['resent'])) return;
    isMade = true;
    await fetch(`${world.sandbox.url}/v1/imports`, {
      method: 'POST',
      headers: { authorization: 'Bearer target-token', 'content-type': 'application/json' },
      body: JSON.stringify(own),
    });
  };

  const state = await cloned(world, world.request());

  expect(state.warnings.map(({ code }) => code)).not.toContain('late_twin_removed');
  expect(world.target('imports').map(({ description }) => description)).toEqual([
    "The tenant's own",
    undefined,
  ]);
});
