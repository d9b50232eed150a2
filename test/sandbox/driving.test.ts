import { describe, expect, test } from '@jest/globals';
import { type SandboxOptions, startSandbox } from '../../sandbox/index.ts';
import { bench, CONNECTION, NOBODY, started } from './support.ts';

describe('driving the sandbox', () => {
  test('What is loaded is there as it is, without checks or stamps, and no copy is shared.', async () => {
    const { sandbox, call } = await bench();
    const flow = { _id: NOBODY, name: 'Orders', pageGenerators: [{ _exportId: NOBODY, _id: NOBODY }] };

    sandbox.load('a', { flows: [flow] });
    flow.name = 'Changed';
    const [given] = sandbox.documents('a', 'flows');
    if (given) given['name'] = 'Changed';

    expect((await call('GET', `/v1/flows/${NOBODY}`)).body).toEqual({ ...flow, name: 'Orders' });
  });

  test('Documents are given with their secrets, of one collection or of all.', async () => {
    const { sandbox, make } = await bench();
    await make('connections', CONNECTION);

    expect(JSON.stringify(sandbox.documents('a', 'connections'))).toContain('planted-secret');
    expect(sandbox.documents('a').map(({ name }) => name)).toEqual(['Standalone flows', 'Shop']);
  });

  test('An edit changes the document and its time; a removal takes it away.', async () => {
    const { sandbox, make, call } = await bench();
    const script = await make('scripts', { name: 'Tidy' });

    sandbox.edit('a', 'scripts', script._id, (document) => {
      document['name'] = 'Tidier';
    });
    const edited = await call('GET', `/v1/scripts/${script._id}`);
    sandbox.remove('a', 'scripts', script._id);
    const removed = await call('GET', `/v1/scripts/${script._id}`);

    expect(edited.body.name).toBe('Tidier');
    expect(edited.body.lastModified > String(script['lastModified'])).toBe(true);
    expect(removed.status).toBe(404);
    expect(() => sandbox.remove('a', 'scripts', script._id)).toThrow('has no scripts');
    expect(() => sandbox.edit('a', 'scripts', script._id, () => {})).toThrow('has no scripts');
    expect(() => sandbox.documents('a', 'flow')).toThrow('no collection flow');
    expect(() => sandbox.documents('nobody')).toThrow('no account nobody');
  });

  test('The journal holds the calls of each account, up to its size, until it is reset.', async () => {
    const { sandbox, call } = await bench({ journalSize: 3 });
    for (let n = 0; n < 10; n += 1) await call('GET', `/v1/flows?limit=${n + 1}`);

    const calls = sandbox.calls('a');
    const before = sandbox.stats('a');
    sandbox.resetCalls();

    expect(calls.map(({ query }) => query)).toEqual(['limit=8', 'limit=9', 'limit=10']);
    expect(calls.map(({ number }) => number)).toEqual([8, 9, 10]);
    expect(calls[0]).toMatchObject({ account: 'a', method: 'GET', path: '/v1/flows', status: 204 });
    expect(before).toMatchObject({ calls: 10, byMethod: { GET: 10 }, byStatus: { 204: 10 } });
    expect(sandbox.calls()).toEqual([]);
    expect(sandbox.stats('a').calls).toBe(0);
  });

  test('Answers carry the date, and are what was true when the work was done.', async () => {
    const { sandbox, make, call } = await bench({ latencyMs: 40 });
    const script = await make('scripts', { name: 'Tidy' });

    const reading = call('GET', `/v1/scripts/${script._id}`);
    while (sandbox.calls('a').length < 2) await new Promise(setImmediate);
    sandbox.remove('a', 'scripts', script._id);
    const reply = await reading;

    expect(reply.status).toBe(200);
    expect(Date.parse(reply.headers.get('date') ?? '')).not.toBeNaN();
  });

  test('Closing does not wait for answers that are held back.', async () => {
    const sandbox = await started({ latencyMs: 60_000 });
    const reply = fetch(`${sandbox.url}/v1/flows`).catch(() => 'dropped');
    while (sandbox.calls().length === 0) await new Promise(setImmediate);

    await sandbox.close();

    expect(await reply).toBe('dropped');
  });
});

describe('options', () => {
  const account = { name: 'a', token: 't', userId: 'u' };

  test.each([
    ['an unknown one', { latencyMS: 5 }],
    ['a negative latency', { latencyMs: -1 }],
    ['a page of nothing', { pageSize: 0 }],
    ['a port out of range', { port: 65_536 }],
    ['an empty bucket', { bucket: { size: 0, refillPerSecond: 1 } }],
    ['a bucket with more', { bucket: { size: 1, refillPerSecond: 1, burst: 2 } }],
    ['an account without token', { accounts: [{ name: 'a', userId: 'u' }] }],
    ['two accounts of one token', { accounts: [account, { ...account, name: 'b' }] }],
    ['an unknown collection', { accounts: [{ ...account, documents: { flow: [] } }] }],
    ['a document without id', { accounts: [{ ...account, documents: { flows: [{ name: 'x' }] } }] }],
    ['a host that is none', { host: 'all' }],
  ])('Refused: %s.', async (_title, options) => {
    await expect(startSandbox(options as SandboxOptions)).rejects.toMatchObject({ code: 'invalid_option' });
  });

  test('A port that is taken is an error, not a hang.', async () => {
    const { sandbox } = await bench();
    const port = Number(new URL(sandbox.url).port);

    await expect(startSandbox({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
