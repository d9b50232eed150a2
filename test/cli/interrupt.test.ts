import { afterEach, describe, expect, test } from '@jest/globals';
import { jsonOf, ORDER, startWorld, type World } from './support.ts';

/** Long enough for somebody to press Ctrl-C, and for a kill to hit the middle. */
const SLOW = { method: 'POST', path: /imports$/, effect: 'delay', ms: 2_500 } as const;

describe('a clone that is interrupted', () => {
  let world: World;
  afterEach(() => world.close());

  test('Ctrl-C stops it after the calls under way and undoes what was done.', async () => {
    world = await startWorld();
    world.sandbox.faults.add(SLOW);
    const running = world.start(['clone', ...ORDER, '--json']);
    await running.said('applying');

    running.child.kill('SIGINT');
    const ended = await running.ended;

    expect(ended.code).toBe(5);
    expect(ended.stderr).toContain('Stopping after the calls under way');
    expect(jsonOf<object>(ended)).toMatchObject({
      clone: { status: 'rolled-back', errors: [{ code: 'canceled' }] },
    });
    for (const collection of ['flows', 'exports', 'imports', 'scripts']) {
      expect(world.sandbox.documents('acme', collection)).toEqual([]);
    }
  });

  test('A second Ctrl-C leaves at once, and resuming makes nothing twice.', async () => {
    world = await startWorld();
    world.sandbox.faults.add({ ...SLOW, count: 1 });
    const running = world.start(['clone', ...ORDER]);
    await running.said('applying');

    running.child.kill('SIGINT');
    await running.said('Stopping');
    running.child.kill('SIGINT');
    const left = await running.ended;
    const listed = await world.run(['status', '--target', 'acme', '--json']);
    const cloneId =
      jsonOf<{ clones: { cloneId: string; status: string }[] }>(listed).clones[0]?.cloneId ?? '';
    const status = await world.run(['status', cloneId]);
    const resumed = await world.run(['resume', cloneId, '--json']);

    expect(left.code).toBe(1);
    expect(left.stderr).toContain('flowferry: left;');
    expect(status.stdout).toContain(`Clone ${cloneId}: running`);
    expect(status.stderr).toContain(`flowferry resume ${cloneId}`);
    expect(resumed.code).toBe(0);
    for (const collection of ['flows', 'exports', 'imports', 'scripts']) {
      expect(world.sandbox.documents('acme', collection)).toHaveLength(1);
    }
  });
});
