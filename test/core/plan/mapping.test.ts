import { describe, expect, test } from '@jest/globals';
import {
  account,
  cloned,
  codes,
  connection,
  exporting,
  importing,
  startWorld,
  theirs,
} from '../clone/world.ts';
import { idOf } from '../references/ids.ts';

const MINE = ['c1', 'c2', 'c3'].map((pair) => pair.repeat(12)) as [string, string, string];

describe('Connections that connectionMap leaves out', () => {
  test('block the plan, with candidates of the same type to choose from', async () => {
    await using world = await startWorld(account(), {
      connections: [connection(7, { _id: MINE[0], type: 'ftp', name: 'Connection 1' })],
    });

    const refusal = await world.refusal(world.request({ connectionMap: {} }));

    expect(refusal.problems).toMatchObject([
      {
        code: 'connection_unmapped',
        type: 'connection',
        sourceId: idOf('connection', 1),
        candidates: [
          { id: theirs(1), name: 'Connection 1' },
          { id: theirs(2), name: 'Connection 2' },
        ],
      },
      { code: 'connection_unmapped', sourceId: idOf('connection', 2) },
    ]);
  });

  test('are matched by name and type', async () => {
    await using world = await startWorld(account(), {
      connections: [connection(7, { _id: MINE[0], type: 'ftp', name: 'Connection 1' })],
    });

    const state = await cloned(world, world.request({ connectionMap: {}, connections: 'match-name' }));

    expect(world.copyOf(state, idOf('export'))['_connectionId']).toBe(theirs(1));
    expect(state.idMap).toMatchObject({
      [idOf('connection', 1)]: theirs(1),
      [idOf('connection', 2)]: theirs(2),
    });
  });

  test('are not matched where two would fit, or none', async () => {
    await using world = await startWorld(
      account({ connections: [connection(1), connection(2, { name: 'Another' })] }),
      { connections: [connection(1, { _id: MINE[0] })] },
    );

    const refusal = await world.refusal(world.request({ connectionMap: {}, connections: 'match-name' }));

    expect(refusal.problems).toMatchObject([
      {
        code: 'ambiguous_match',
        sourceId: idOf('connection', 1),
        candidates: [{ id: theirs(1) }, { id: MINE[0] }],
      },
      { code: 'connection_unmapped', sourceId: idOf('connection', 2) },
    ]);
  });

  test('become stubs without credentials, to be authorised before the clone has ended', async () => {
    const secret = 'open sesame';
    await using world = await startWorld(
      account({
        connections: [
          connection(1, {
            http: {
              baseURI: 'https://shop.example',
              auth: { type: 'token', token: { token: secret, location: 'header' } },
              encrypted: secret,
              unencrypted: { shop: 'one' },
              _iClientId: '',
            },
            offline: false,
          }),
          connection(2, { name: 'Files', type: 'ftp', ftp: { hostURI: 'files.example', password: secret } }),
        ],
      }),
    );

    const state = await world.clone(
      world.request({ connectionMap: {}, connections: 'stub', activate: true }),
    );

    expect(state.status).toBe('waiting');
    expect(state.pendingAuthorizations).toEqual([
      { connectionId: state.idMap?.[idOf('connection', 1)], name: 'Connection 1' },
      { connectionId: state.idMap?.[idOf('connection', 2)], name: 'Files' },
    ]);
    expect(world.copyOf(state, idOf('connection', 1))).toMatchObject({
      name: 'Connection 1',
      type: 'http',
      offline: true,
      http: { baseURI: 'https://shop.example', unencrypted: { shop: 'one' }, auth: { type: 'token' } },
    });
    expect(JSON.stringify(world.sandbox.documents('acme'))).not.toContain(secret);
    expect(JSON.stringify(world.sandbox.documents('acme'))).not.toContain('******');
    expect(world.copyOf(state, idOf('flow'))['disabled']).toBe(true);
    expect(world.copyOf(state, idOf('export'))['_connectionId']).toBe(state.idMap?.[idOf('connection')]);
  });

  test('are found by name when the stub of an earlier clone is gone', async () => {
    await using world = await startWorld();
    const stubbed = await world.clone(world.request({ connectionMap: {}, connections: 'stub' }));
    for (const number of [1, 2]) {
      world.sandbox.remove('acme', 'connections', stubbed.idMap?.[idOf('connection', number)] ?? '');
    }

    const state = await cloned(world, world.request({ connectionMap: {}, connections: 'match-name' }));

    expect(world.copyOf(state, idOf('export'))['_connectionId']).toBe(theirs(1));
    expect(world.target('exports')).toHaveLength(1);
  });

  test('and are needed by stubs in turn become stubs too', async () => {
    await using world = await startWorld(
      account({
        connections: [
          connection(1, { _borrowConcurrencyFromConnectionId: idOf('connection', 3) }),
          connection(2),
          connection(3),
        ],
      }),
    );

    const state = await world.clone(
      world.request({ connectionMap: { [idOf('connection', 2)]: theirs(2) }, connections: 'stub' }),
    );

    expect(world.copyOf(state, idOf('connection', 1))['_borrowConcurrencyFromConnectionId']).toBe(
      state.idMap?.[idOf('connection', 3)],
    );
  });

  test('of integrator.io’s own applications keep them', async () => {
    const global = 'ab'.repeat(12);
    const source = account({ connections: [connection(1, { http: { _iClientId: global } }), connection(2)] });
    await using world = await startWorld(source);

    // No account lists such an application, so that it can't be found missing.
    const plan = await world.plan(world.request({ connectionMap: {}, connections: 'stub' }));

    expect(plan.status).toBe('planned');
    expect(plan.idMap).not.toHaveProperty(global);
  });
});

describe('idMap', () => {
  test('puts what the target has in the place of a resource, which is neither read on nor written to', async () => {
    const theirExport = exporting(9, { _id: MINE[0], _connectionId: theirs(1), name: 'Theirs' });
    await using world = await startWorld(account(), { exports: [theirExport] });

    const state = await cloned(
      world,
      world.request({
        idMap: { [idOf('export')]: MINE[0] },
        connectionMap: { [idOf('connection', 2)]: theirs(2) },
      }),
    );

    expect(world.copyOf(state, idOf('flow'))['pageGenerators']).toEqual([{ _exportId: MINE[0] }]);
    expect(world.target('exports')).toHaveLength(1);
    expect(state.idMap).toMatchObject({ [idOf('export')]: MINE[0] });
    expect(state.actions?.find(({ sourceId }) => sourceId === idOf('export'))).toMatchObject({
      action: 'reuse',
    });
    expect(world.writes().filter(({ path }) => path.includes(MINE[0]))).toEqual([]);
  });

  test('must name what the target has, of the right type', async () => {
    await using world = await startWorld(account(), {
      imports: [importing(9, { _id: MINE[0], _connectionId: theirs(1) })],
    });

    const refusal = await world.refusal(world.request({ idMap: { [idOf('export')]: MINE[0] } }));

    expect(codes(refusal.problems)).toEqual([`target_not_found /idMap/${idOf('export')}`]);
  });

  test('and connectionMap entries that nothing uses are warned of', async () => {
    await using world = await startWorld();

    const state = await cloned(
      world,
      world.request({
        idMap: { [MINE[0]]: MINE[1] },
        connectionMap: {
          [idOf('connection', 1)]: theirs(1),
          [idOf('connection', 2)]: theirs(2),
          [MINE[0]]: MINE[1],
        },
        adopt: { [MINE[2]]: MINE[1] },
      }),
    );

    expect(codes(state.warnings)).toEqual([
      `map_entry_unused /adopt/${MINE[2]}`,
      `map_entry_unused /connectionMap/${MINE[0]}`,
      `map_entry_unused /idMap/${MINE[0]}`,
    ]);
  });
});
