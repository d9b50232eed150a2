import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ActionReport, CloneState } from '../../core/model/clone.ts';
import { FLOW, jsonOf, ORDER, startWorld, type World } from './support.ts';

describe('cloning from the command line', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  test('A plan lists what is in the way with the options that clear it, and leaves no folder behind.', async () => {
    const order = ['plan', '--source', 'blueprint', '--target', 'acme', '--flow', FLOW];

    const [told, json] = await Promise.all([world.run(order), world.here([...order, '--json'])]);

    expect([told.code, json.code]).toEqual([3, 3]);
    expect(told.stdout).toBe('');
    expect(told.stderr).toMatch(/^flowferry: plan_blocked: /);
    expect(told.stderr).toContain('--map 5979c0de0b1ae94d7c3fa101=65c0a4d0e7b1f2a3c4d5c001   "GitHub"');
    expect(jsonOf(json)).toMatchObject({ status: 422, code: 'plan_blocked', errors: [{}, {}] });
    expect(existsSync(join(world.folder, '.flowferry'))).toBe(false);
  });

  test('A clone is made once, found again, shown and undone; each end has its exit code.', async () => {
    // Something to do: 2.
    const pending = await world.here(['plan', ...ORDER, '--detailed-exitcode']);
    expect(pending.code).toBe(2);
    expect(pending.stdout).toContain('5 to create, 0 to update, 2 to reuse, 0 unchanged');

    // Done: 0, and the same HTTP answer as the service's.
    const made = await world.run(['clone', ...ORDER, '--activate', '--run', '--json']);
    const state = jsonOf(made);
    expect(made.code).toBe(0);
    expect(state).toMatchObject({
      status: 'succeeded',
      flows: [{ disabled: false, run: { status: 'completed' } }],
    });
    expect(Object.keys(state.idMap ?? {})).toHaveLength(7);

    // Nothing to do: 0, although pending changes would be told.
    const nothing = await world.here(['plan', ...ORDER, '--detailed-exitcode']);
    expect(nothing.code).toBe(0);
    expect(nothing.stdout).toContain('0 to create, 0 to update, 2 to reuse, 5 unchanged');

    // The same folder serves one command at a time.
    const one = await world.here(['status', state.cloneId ?? '']);
    const listed = await world.run(['status', '--target', 'acme']);
    const actions = await world.here(['status', state.cloneId ?? '', '--actions', '--json']);
    expect([one.code, listed.code, actions.code]).toEqual([0, 0, 0]);
    expect(one.stdout).toContain(`Clone ${state.cloneId}: succeeded, blueprint -> acme`);
    expect(listed.stdout).toMatch(new RegExp(`^${state.cloneId} +succeeded +blueprint +acme +7/7`, 'm'));
    expect(jsonOf<{ actions: ActionReport[] }>(actions).actions).toHaveLength(7);

    const undone = await world.run(['rollback', state.cloneId ?? '']);
    expect(undone.code).toBe(0);
    expect(undone.stdout).toContain('rolled-back, blueprint -> acme');
    expect(world.sandbox.documents('acme', 'flows')).toEqual([]);

    const again = await world.here(['rollback', state.cloneId ?? '']);
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toMatch(/^flowferry: clone_not_undoable: /);

    // What is kept on disk holds no token.
    const files = await filesIn(join(world.folder, '.flowferry'));
    const texts = await Promise.all(files.map((file) => readFile(file, 'latin1')));
    expect(files.length).toBeGreaterThan(0);
    expect(texts.join('')).not.toMatch(/sandbox-\w+-token|planted-/);
  }, 60_000);
});

describe('a clone that does not end well', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  test('It ends with 5 when it was undone, with 4 when it was kept, and resuming finishes it.', async () => {
    world.sandbox.faults.add({
      account: 'acme',
      method: 'POST',
      path: /imports$/,
      effect: 'status',
      status: 422,
    });

    const undone = await world.run(['clone', ...ORDER]);
    const kept = await world.here(['clone', ...ORDER, '--on-failure', 'keep', '--json']);
    world.sandbox.faults.clear();
    const { clone } = jsonOf<{ clone: CloneState }>(kept);
    const resumed = await world.run(['resume', clone.cloneId ?? '']);

    expect(undone.code).toBe(5);
    expect(undone.stderr).toContain('flowferry: upstream_failed: ');
    expect(kept.code).toBe(4);
    expect(clone.status).toBe('partial');
    expect(resumed.code).toBe(0);
    expect(resumed.stdout).toContain(`Clone ${clone.cloneId}: succeeded`);
    expect(world.sandbox.documents('acme', 'flows')).toHaveLength(1);
  }, 60_000);

  test('It ends with 4 while it waits for connections to be authorised, and names them.', async () => {
    const data = ['--data', join(world.folder, 'stubs')];

    const waiting = await world.here([
      'clone',
      ...ORDER.slice(0, 6),
      '--connections',
      'stub',
      '--activate',
      ...data,
    ]);

    expect(waiting.code).toBe(4);
    expect(waiting.stdout).toMatch(/^Clone \S+: waiting, blueprint -> acme$/m);
    expect(waiting.stdout).toMatch(
      /^ {2}[0-9a-f]{24} "GitHub"\n {2}[0-9a-f]{24} "Slack"\nThen: flowferry resume /m,
    );
  }, 60_000);

  test('It ends with 1 where integrator.io refuses the token, without quoting it.', async () => {
    world.sandbox.revokeToken('acme', 'another');

    const ended = await world.here(['clone', ...ORDER, '--data', join(world.folder, 'elsewhere')]);
    const checked = await world.here(['accounts', '--check', '--json']);

    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^flowferry: account_unauthorized: /m);
    expect(checked.code).toBe(1);
    expect(jsonOf<object>(checked)).toEqual({
      accounts: [
        { account: 'acme', region: 'us', ok: false, code: 'account_unauthorized' },
        { account: 'blueprint', region: 'us', ok: true },
      ],
    });
  }, 60_000);
});

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}
