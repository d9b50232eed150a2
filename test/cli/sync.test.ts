import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Ended, jsonOf, runHere } from './support.ts';

const KEY = 'key-of-the-tests';
const SYNC = {
  source: { account: 'blueprint', flowIds: [] },
  targets: [{ account: 'acme' }],
  schedule: 'rate(1 hour)',
};

function runOf(status: string, mode = 'apply', target = 'in-step'): object {
  const drift = [
    { type: 'export', sourceId: 'a', targetId: 'b', path: '/http/relativeURI', movedBy: 'source' },
  ];
  const own = target === 'changed' ? { drift } : {};
  return {
    runId: 'r1',
    mode,
    status,
    targets: [{ account: 'acme', status: target, applied: 3, kept: 1, ...own }],
  };
}

describe('syncs of a service', () => {
  let server: Server;
  let asked: { call: string; body: unknown; key: unknown }[];
  afterEach(() => void server.close());

  /** A service that answers what it is given, in order, and a command line over it. */
  async function serve(
    ...answers: [status: number, body?: object][]
  ): Promise<(...args: string[]) => Promise<Ended>> {
    asked = [];
    server = createServer(async (request: IncomingMessage, response) => {
      const body = await text(request);
      asked.push({
        call: `${request.method} ${request.url}`,
        body: body === '' ? undefined : JSON.parse(body),
        key: request.headers['x-api-key'],
      });
      const [status, answer] = answers.shift() ?? [500];
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(answer === undefined ? '' : JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return (...args) => runHere(['sync', ...args], { FLOWFERRY_URL: url, FLOWFERRY_API_KEY: KEY });
  }

  test('They are listed, shown and deleted only when meant.', async () => {
    const flowferry = await serve(
      [200, { syncs: [{ sync: 'hourly', ...SYNC }], next: 'h' }],
      [200, { syncs: [{ sync: 'nightly', ...SYNC }], next: null }],
      [200, SYNC],
      [204],
    );

    const listed = await flowferry('list');
    const one = await flowferry('get', 'nightly', '--json');
    const asking = await flowferry('delete', 'nightly');
    const deleted = await flowferry('delete', 'nightly', '--yes');

    expect(listed.stdout).toMatch(/^hourly +blueprint +acme +rate\(1 hour\)$/m);
    expect(listed.stdout).toMatch(/^nightly +blueprint +acme +rate\(1 hour\)$/m);
    expect(jsonOf<object>(one)).toEqual(SYNC);
    expect(asking.code).toBe(64);
    expect(deleted).toMatchObject({ code: 0, stdout: 'Deleted the sync nightly.\n' });
    expect(asked.map(({ call }) => call)).toEqual([
      'GET /syncs?limit=1000',
      'GET /syncs?limit=1000&cursor=h',
      'GET /syncs/nightly',
      'DELETE /syncs/nightly',
    ]);
    expect(asked.every(({ key }) => key === KEY)).toBe(true);
  });

  test('A run is waited for, and its end is the exit code.', async () => {
    const accepted: [number, object] = [202, { runId: 'r1' }];
    const flowferry = await serve(
      accepted,
      [200, runOf('succeeded')],
      accepted,
      [200, runOf('partial', 'apply', 'failed')],
      accepted,
      [200, runOf('succeeded', 'report', 'changed')],
      accepted,
      [200, runOf('failed')],
    );

    const succeeded = await flowferry('run', 'nightly', '--target', 'acme');
    const partial = await flowferry('run', 'nightly', '--json');
    const report = await flowferry('run', 'nightly', '--mode', 'report', '--detailed-exitcode');
    const failed = await flowferry('run', 'nightly');

    expect([succeeded, partial, report, failed].map(({ code }) => code)).toEqual([0, 4, 2, 1]);
    expect(succeeded.stdout).toMatch(/^acme +in-step +3 +1 +0 +0$/m);
    expect(jsonOf<object>(partial)).toEqual(runOf('partial', 'apply', 'failed'));
    expect(report.stdout).toContain('export b /http/relativeURI moved by source');
    expect(asked[0]).toEqual({
      call: 'POST /syncs/nightly/run',
      body: { mode: 'apply', targets: ['acme'] },
      key: KEY,
    });
  });

  test('A run that is waited for shows how many of its targets are done, unless told not to.', async () => {
    const going = (...statuses: string[]) => ({
      ...runOf('running'),
      targets: statuses.map((status, index) => ({ account: `tenant-${index}`, status })),
    });
    const answers: [number, object][] = [
      [202, { runId: 'r1' }],
      [200, going('waiting', 'running', 'running')],
      [200, going('running', 'changed', 'failed')],
      [200, runOf('succeeded')],
    ];
    const flowferry = await serve(...answers, ...answers);

    const told = await flowferry('run', 'nightly');
    const quiet = await flowferry('run', 'nightly', '--quiet');

    expect(told).toMatchObject({ code: 0, stderr: 'running 0/3\n' });
    expect(quiet).toMatchObject({ code: 0, stderr: '' });
  });

  test('Cancelling tells whether the run stops or had ended.', async () => {
    const flowferry = await serve([202, runOf('running')], [202, runOf('partial')]);

    const stops = await flowferry('cancel', 'nightly', 'r1');
    const ended = await flowferry('cancel', 'nightly', 'r1');

    expect(stops).toMatchObject({ code: 0, stdout: 'The run r1 stops.\n' });
    expect(ended).toMatchObject({ code: 0, stdout: 'The run r1 had ended: partial.\n' });
  });

  test('A parameter of the query that is wrong is told as the option that set it.', async () => {
    const message = 'must be the "next" of an earlier page';
    const errors = [{ code: 'invalid_request', message, path: '/query/cursor' }];
    const flowferry = await serve([422, { code: 'invalid_request', detail: 'The query ...', errors }]);

    const ended = await flowferry('runs', 'nightly', '--cursor', 'zzz');

    expect(ended).toMatchObject({ code: 64, stderr: `flowferry: --cursor: ${message}\n` });
  });

  test('A service that knows no syncs says so.', async () => {
    const flowferry = await serve([
      404,
      { code: 'route_not_found', detail: 'There is no such route.', errors: [] },
    ]);

    const ended = await flowferry('list');

    expect(ended).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'flowferry: route_not_found: There is no such route.\n',
    });
  });

  test('An answer that is no problem document is told by its status.', async () => {
    const flowferry = await serve([403, { message: 'Forbidden' }]);

    const ended = await flowferry('list');

    expect(ended).toMatchObject({ code: 1, stderr: 'flowferry: http_403: Forbidden\n' });
  });
});
