import { describe, expect, test } from '@jest/globals';
import { RESOURCE_TYPES } from '../../../core/model/resource.ts';
import { clientFor, rejectionOf, TOKEN } from './clientFor.ts';
import { ScriptedServer } from './scriptedServer.ts';

const ID = '55ea78c6b751843c37b7b367';
const FLOW = { _id: ID, name: 'Orders' };

describe('the seven endpoints of the Flow API', () => {
  test('list asks for a page size and gives all flows', async () => {
    await using server = await ScriptedServer.start({ json: [FLOW] });
    const { client } = clientFor(server);

    const flows = await client.flows.list();

    expect(flows).toEqual([FLOW]);
    expect(server.received[0]).toMatchObject({ method: 'GET', url: '/v1/flows?limit=1000' });
  });

  test('get gives one flow', async () => {
    await using server = await ScriptedServer.start({ json: FLOW });
    const { client } = clientFor(server);

    expect(await client.flows.get(ID)).toEqual(FLOW);
    expect(server.received[0]).toMatchObject({ method: 'GET', url: `/v1/flows/${ID}` });
  });

  test('get gives nothing for an unknown id', async () => {
    await using server = await ScriptedServer.start({ status: 404 });

    expect(await clientFor(server).client.flows.get(ID)).toBeUndefined();
  });

  test('create posts JSON with the token and gives what was stored', async () => {
    await using server = await ScriptedServer.start({ status: 201, json: FLOW });
    const { client } = clientFor(server);

    expect(await client.flows.create({ name: 'Orders' })).toEqual(FLOW);

    const [request] = server.received;
    expect(request).toMatchObject({ method: 'POST', url: '/v1/flows', body: { name: 'Orders' } });
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      accept: 'application/json',
    });
  });

  test('update puts the whole document', async () => {
    await using server = await ScriptedServer.start({ json: FLOW });
    const { client } = clientFor(server);

    expect(await client.flows.update(ID, { name: 'Orders' })).toEqual(FLOW);
    expect(server.received[0]).toMatchObject({
      method: 'PUT',
      url: `/v1/flows/${ID}`,
      body: { name: 'Orders' },
    });
  });

  test('delete takes 204 for done and 404 for gone already', async () => {
    await using server = await ScriptedServer.start({ status: 204 }, { status: 404 });
    const { client } = clientFor(server);

    expect(await client.flows.delete(ID)).toBe(true);
    expect(await client.flows.delete(ID)).toBe(false);
    expect(server.received[0]).toMatchObject({ method: 'DELETE', url: `/v1/flows/${ID}`, body: undefined });
  });

  test('clone gives what was made, from a manifest and from a document alike', async () => {
    const manifest = [
      { model: 'Flow', _id: 'aaaa', name: 'Clone - Orders' },
      { model: 'Export', _id: 'bbbb' },
    ];
    await using server = await ScriptedServer.start(
      { status: 201, json: manifest },
      { status: 201, json: { _id: 'cccc', name: 'Clone - Orders' } },
    );
    const { client } = clientFor(server);
    const body = { _integrationId: ID, connectionMap: { a: 'b' } };

    const answers = [await client.flows.clone(ID, body), await client.flows.clone(ID, body)];

    expect(answers).toEqual([
      {
        created: [
          { type: 'flow', id: 'aaaa', name: 'Clone - Orders' },
          { type: 'export', id: 'bbbb' },
        ],
      },
      { created: [{ type: 'flow', id: 'cccc', name: 'Clone - Orders' }] },
    ]);
    expect(server.received[0]).toMatchObject({ method: 'POST', url: `/v1/flows/${ID}/clone`, body });
  });

  test('run gives the id of the job', async () => {
    await using server = await ScriptedServer.start({ status: 201, json: { _jobId: 'cafe' } });
    const { client } = clientFor(server);
    const body = { export: { startDate: '2026-01-01T00:00:00.000Z' } };

    expect(await client.flows.run(ID, body)).toEqual({ jobId: 'cafe' });
    expect(server.received[0]).toMatchObject({ method: 'POST', url: `/v1/flows/${ID}/run`, body });
  });
});

describe('every collection', () => {
  test.each(RESOURCE_TYPES)('%s has the five basic calls and PATCH', async (type) => {
    await using server = await ScriptedServer.start((request) =>
      request.method === 'DELETE' || request.method === 'PATCH'
        ? { status: 204 }
        : request.url.includes('limit')
          ? { json: [FLOW] }
          : { json: FLOW },
    );
    const collection = clientFor(server).client.collection(type);

    await collection.list();
    await collection.get(ID);
    await collection.create({ name: 'x' });
    await collection.update(ID, { name: 'x' });
    await collection.patch(ID, [{ op: 'replace', path: '/disabled', value: true }]);
    await collection.delete(ID);

    expect(server.received.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET /v1/${type}s?limit=1000`,
      `GET /v1/${type}s/${ID}`,
      `POST /v1/${type}s`,
      `PUT /v1/${type}s/${ID}`,
      `PATCH /v1/${type}s/${ID}`,
      `DELETE /v1/${type}s/${ID}`,
    ]);
    expect(server.received[4]?.body).toEqual([{ op: 'replace', path: '/disabled', value: true }]);
  });

  test('refuses an id that would make another path, without a call', async () => {
    await using server = await ScriptedServer.start({ json: FLOW });
    const { client } = clientFor(server);

    for (const id of ['', '.', '..', 'a/b', 'a?b', 'a b']) {
      expect(await rejectionOf(client.flows.get(id))).toMatchObject({ code: 'invalid_id' });
    }
    expect(server.received).toHaveLength(0);
  });
});

describe('the other calls', () => {
  test('connections are registered by a bare array of ids, none without a call, and taken back one by one', async () => {
    await using server = await ScriptedServer.start({ json: {} });
    const { client } = clientFor(server);

    await client.registerConnections(ID, ['aaaa', 'bbbb']);
    await client.registerConnections(ID, []);
    await client.deregisterConnection(ID, 'aaaa');

    const url = `/v1/integrations/${ID}/connections`;
    expect(server.received.map(({ method, url: path, body }) => ({ method, url: path, body }))).toEqual([
      { method: 'PUT', url: `${url}/register`, body: ['aaaa', 'bbbb'] },
      { method: 'DELETE', url: `${url}/aaaa/register`, body: undefined },
    ]);
  });

  test('tokenInfo tells whose token it is', async () => {
    await using server = await ScriptedServer.start({ json: { _userId: '5e03', scope: '*' } });

    expect(await clientFor(server).client.tokenInfo()).toEqual({ userId: '5e03', scope: '*' });
  });

  test('a job is given with its counts', async () => {
    const job = { _id: 'cafe', status: 'completed', numSuccess: 3, numError: 0, numIgnore: 1, type: 'flow' };
    await using server = await ScriptedServer.start({ json: job });

    expect(await clientFor(server).client.job('cafe')).toEqual({
      jobId: 'cafe',
      status: 'completed',
      numSuccess: 3,
      numError: 0,
      numIgnore: 1,
    });
    expect(server.received[0]?.url).toBe('/v1/jobs/cafe');
  });

  test.each([
    ['an empty answer', { status: 200 }, true],
    ['a code of 200', { json: { code: 200 } }, true],
    ['errors in a 200', { json: { errors: [{ code: 'invalid_login', message: 'no' }] } }, false],
    ['a code above 400', { json: { code: 401 } }, false],
    ['422', { status: 422, json: { errors: [{ code: 'x', message: 'no' }] } }, false],
    ['404', { status: 404 }, false],
  ])('a ping with %s', async (_, reply, works) => {
    await using server = await ScriptedServer.start(reply);

    expect(await clientFor(server).client.ping(ID)).toBe(works);
    expect(server.received[0]).toMatchObject({ method: 'POST', url: `/v1/connections/${ID}/ping` });
  });

  test.each([
    [{ json: { success: true } }, true],
    [{ json: { success: false } }, false],
    [{ json: {} }, undefined],
    [{ status: 404 }, undefined],
  ])('the package for distributed steps: %j is %s', async (reply, installed) => {
    await using server = await ScriptedServer.start(reply);

    expect(await clientFor(server).client.distributed(ID)).toBe(installed);
    expect(server.received[0]?.url).toBe(`/v1/connections/${ID}/distributed`);
  });

  test('the server time is that of the newest Date header', async () => {
    await using server = await ScriptedServer.start(
      { json: FLOW, headers: { date: 'Sun, 22 Nov 2026 10:00:02 GMT' } },
      { json: FLOW, headers: { date: 'Sun, 22 Nov 2026 10:00:01 GMT' } },
    );
    const { client } = clientFor(server);
    const before = client.serverTime();

    await client.flows.get(ID);
    await client.flows.get(ID);

    expect(before).toBeUndefined();
    expect(client.serverTime()).toBe(Date.parse('2026-11-22T10:00:02Z'));
  });

  test('the calls that a client may make follow its share', async () => {
    await using server = await ScriptedServer.start({ json: FLOW });

    expect(clientFor(server, { rateShare: 1 }).client).toMatchObject({ callsPerSecond: 297, burst: 950 });
    expect(clientFor(server, { rateShare: 0.3 }).client).toMatchObject({ callsPerSecond: 90, burst: 300 });
  });
});
