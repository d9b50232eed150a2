import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FLOW, jsonOf, startWorld, type World } from './support.ts';

const AT = ['--account', 'blueprint'];
const CONNECTIONS = ['5979c0de0b1ae94d7c3fa101', '5979c0de0b1ae94d7c3fa102'];

describe('the flows of an account', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  test('They are listed and shown, as a table and as JSON.', async () => {
    const [told, json, one] = await Promise.all([
      world.run(['flows', 'list', ...AT]),
      world.here(['flows', 'list', ...AT, '--json']),
      world.here(['flows', 'get', FLOW, ...AT, '--json']),
    ]);

    expect(told.stdout).toMatch(/^FLOW +NAME +INTEGRATION +ENABLED\n/);
    expect(told.stdout).toMatch(
      new RegExp(`^${FLOW}  Send GitHub Events to Slack +Trial operations +yes$`, 'm'),
    );
    expect(jsonOf<{ flows: object[] }>(json).flows[0]).toEqual({
      id: FLOW,
      name: 'Send GitHub Events to Slack',
      integrationId: '58f107a36b3bdd4f87aca76b',
      integrationName: 'Trial operations',
      disabled: false,
    });
    expect(jsonOf<object>(one)).toMatchObject({ _id: FLOW, name: 'Send GitHub Events to Slack' });
  });

  test('One is created from standard input, changed, replaced, and deleted only when meant.', async () => {
    const { _exportId, _importId, _integrationId } = document(world, FLOW);
    const file = ['--file', '-'];
    const body = { name: 'Copy by hand', disabled: true, _exportId, _importId, _integrationId };

    const created = await world.run(['flows', 'create', ...AT, ...file, '--json'], {
      input: JSON.stringify(body),
    });
    const { _id: id } = jsonOf<{ _id: string }>(created);
    const merged = await world.here(['flows', 'update', id, ...AT, ...file, '--merge', '--json'], {
      input: '{"name": "Renamed"}',
    });
    const asked = await world.here(['flows', 'delete', id, ...AT]);
    const there = world.sandbox.documents('blueprint', 'flows').some(({ _id }) => _id === id);
    const deleted = await world.here(['flows', 'delete', id, ...AT, '--yes']);
    const gone = await world.here(['flows', 'get', id, ...AT]);

    expect(created.code).toBe(0);
    expect(jsonOf<object>(merged)).toMatchObject({ name: 'Renamed', _exportId, disabled: true });
    expect(asked.code).toBe(64);
    expect(asked.stderr).toContain('--yes');
    expect(there).toBe(true);
    expect(deleted).toMatchObject({ code: 0, stdout: `Deleted the flow ${id}.\n` });
    expect(gone).toMatchObject({ code: 1, stdout: '' });
    expect(gone.stderr).toContain('flow_not_found');
  });

  test('One is cloned within its account and run to the end of its job.', async () => {
    const map = CONNECTIONS.map((id) => `${id}=${id}`);

    const [cloned, ran, uncovered] = await Promise.all([
      world.here(['flows', 'clone', FLOW, ...AT, '--connection-map', ...map, '--name', 'Twin']),
      world.here(['flows', 'run', FLOW, ...AT, '--start', '2026-01-01T00:00:00Z', '--wait', '--json']),
      world.here(['flows', 'clone', FLOW, ...AT]),
    ]);

    expect(cloned.code).toBe(0);
    expect(cloned.stdout).toMatch(/^flow +[0-9a-f]{24} +Twin$/m);
    expect(ran.code).toBe(0);
    expect(jsonOf<object>(ran)).toMatchObject({ status: 'completed', numSuccess: 3, numError: 0 });
    expect(uncovered.code).toBe(1);
    expect(uncovered.stderr).toContain('invalid_connectionMap');
  });
});

describe('a job that fails', () => {
  test('Waiting for it ends with 1.', async () => {
    const world = await startWorld({ jobOutcome: () => ({ status: 'failed', numSuccess: 0, numError: 2 }) });
    try {
      const ran = await world.here(['flows', 'run', FLOW, ...AT, '--wait']);

      expect(ran.code).toBe(1);
      expect(ran.stdout).toMatch(/^Job [0-9a-f]{24}: failed, 0 ok, 2 errors, 0 ignored\n$/);
    } finally {
      await world.close();
    }
  });
});

function document({ sandbox }: World, id: string) {
  const found = sandbox.documents('blueprint', 'flows').find(({ _id }) => _id === id);
  if (found === undefined) throw new Error(`no flow ${id}`);
  return found;
}
