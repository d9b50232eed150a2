import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Call } from '../../sandbox/index.ts';
import { jsonOf, ORDER, startWorld, type World } from './support.ts';

/** A clone looks once a second whether it is to stop: this is long enough for it to have seen. In ms. */
const SEEN_BY_THEN = 2_500;

/** A sandbox that holds the creation of imports back until it is let go. */
async function startHeldWorld(): Promise<{ world: World; letGo: () => void }> {
  const held = Promise.withResolvers<void>();
  const world = await startWorld({
    onCall: async ({ method, path }: Call, phase) => {
      if (phase === 'before' && method === 'POST' && path.endsWith('/imports')) await held.promise;
    },
  });
  return { world, letGo: () => held.resolve() };
}

describe('a clone that is interrupted', () => {
  let world: World;
  afterEach(() => world.close());

  test('Ctrl-C stops it after the calls under way and undoes what was done.', async () => {
    const started = await startHeldWorld();
    world = started.world;
    const running = world.start(['clone', ...ORDER, '--json']);
    await running.said('applying');

    running.child.kill('SIGINT');
    await running.said('Stopping');
    await sleep(SEEN_BY_THEN);
    started.letGo();
    const ended = await running.ended;

    expect(ended.code).toBe(5);
    expect(jsonOf<object>(ended)).toMatchObject({
      clone: { status: 'rolled-back', errors: [{ code: 'canceled' }] },
    });
    for (const collection of ['flows', 'exports', 'imports', 'scripts']) {
      expect(world.sandbox.documents('acme', collection)).toEqual([]);
    }
  }, 60_000);

  test('A second Ctrl-C leaves at once, and resuming makes nothing twice.', async () => {
    const started = await startHeldWorld();
    world = started.world;
    const running = world.start(['clone', ...ORDER]);
    await running.said('applying');

    running.child.kill('SIGINT');
    await running.said('Stopping');
    running.child.kill('SIGINT');
    const left = await running.ended;
    started.letGo();
    const listed = await world.here(['status', '--target', 'acme', '--json']);
    const cloneId = jsonOf<{ clones: { cloneId: string }[] }>(listed).clones[0]?.cloneId ?? '';
    const status = await world.here(['status', cloneId]);
    const resumed = await world.run(['resume', cloneId, '--json']);

    expect(left.code).toBe(1);
    expect(left.stderr).toContain('flowferry: left: ');
    expect(status.stdout).toContain(`Clone ${cloneId}: running`);
    expect(status.stderr).toContain(`flowferry resume ${cloneId}`);
    expect(resumed.code).toBe(0);
    for (const collection of ['flows', 'exports', 'imports', 'scripts']) {
      expect(world.sandbox.documents('acme', collection)).toHaveLength(1);
    }
  }, 60_000);
});

describe('a clone that is only watched', () => {
  test('Ctrl-C ends the watching, and asks nothing of the service.', async () => {
    const asked: string[] = [];
    const progress = { stage: 'applying', done: 1, pending: 8 };
    const server = createServer(({ method = '' }, response) => {
      asked.push(method);
      response.end(JSON.stringify({ status: 'running', progress }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const world = await startWorld();
    try {
      const running = world.start(['status', 'somebodys', '--wait', '--url', url], {
        env: { FLOWFERRY_API_KEY: 'key-of-the-tests' },
      });
      await running.said('applying');
      running.child.kill('SIGINT');
      const ended = await running.ended;

      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(ended.stderr).toContain('flowferry: left: the clone goes on');
      expect(new Set(asked)).toEqual(new Set(['GET']));
    } finally {
      await world.close();
      server.closeAllConnections();
      server.close();
    }
  }, 60_000);
});
