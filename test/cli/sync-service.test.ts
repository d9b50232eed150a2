import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SyncRun } from '../../cli/output/sync.ts';
import type { JsonObject } from '../../core/model/resource.ts';
import { defaultAccounts, type Sandbox, startSandbox } from '../../sandbox/index.ts';
import { type Service, startService } from '../local/service.ts';
import { type Ended, FLOW, jsonOf, runHere } from './support.ts';

const KEY = 'key-of-the-tests';

/** The blueprint's connections that the smaller flow needs, and those of the target. */
const CONNECTIONS = {
  '5979c0de0b1ae94d7c3fa101': '65c0a4d0e7b1f2a3c4d5c001',
  '5979c0de0b1ae94d7c3fa102': '65c0a4d0e7b1f2a3c4d5c002',
};

const SYNC = {
  source: { account: 'blueprint', flowIds: [FLOW] },
  targets: [{ account: 'acme', connectionMap: CONNECTIONS }],
  timezone: 'Europe/Berlin',
};

describe('syncs of a service that runs', () => {
  let folder: string;
  let sandbox: Sandbox;
  let service: Service;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flowferry-sync-'));
    sandbox = await startSandbox({ accounts: defaultAccounts(), bucket: 'unlimited', jobMs: 5 });
    const accounts = join(folder, 'accounts.json');
    const logins = sandbox.accounts().map(({ name, token }) => [name, { token, baseUrl: sandbox.url }]);
    await writeFile(accounts, JSON.stringify(Object.fromEntries(logins)));
    service = await startService(KEY, { FLOWFERRY_ACCOUNTS: accounts });
  }, 60_000);
  afterAll(async () => {
    await service?.process.end('SIGTERM');
    await sandbox?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const flowferry = (...args: string[]): Promise<Ended> =>
    runHere(['sync', ...args], { FLOWFERRY_URL: service.url, FLOWFERRY_API_KEY: KEY });

  /** Stores a sync from a file, as people do. */
  async function put(name: string, sync: object): Promise<Ended> {
    const file = join(folder, `${name}.json`);
    await writeFile(file, JSON.stringify(sync));
    return flowferry('put', name, '--file', file);
  }

  test('One is stored from a file, listed, shown, and put again as it was shown.', async () => {
    const stored = await put('shown', SYNC);
    const listed = await flowferry('list');
    const got = await flowferry('get', 'shown');
    const file = join(folder, 'got.json');
    await writeFile(file, got.stdout);
    const again = await flowferry('put', 'shown', '--file', file, '--json');
    const changed = await put('shown', { ...jsonOf<JsonObject>(got), concurrency: 2 });

    expect([stored, listed, got, again, changed].map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    expect(listed.stdout).toMatch(/^shown +blueprint +acme$/m);
    expect(jsonOf(got)).toMatchObject({ sync: 'shown', ...SYNC, concurrency: 5 });
    expect(jsonOf(again)).toEqual({ ...jsonOf<JsonObject>(got), updatedAt: expect.any(String) });
    expect(jsonOf(changed)).toMatchObject({ ...SYNC, concurrency: 2 });
  });

  test('A report writes nothing, a run brings the target in step, the next finds nothing to do.', async () => {
    await put('runs', SYNC);

    const report = await flowferry('run', 'runs', '--mode', 'report', '--detailed-exitcode');
    const before = sandbox.documents('acme', 'flows').length;
    const first = await flowferry('run', 'runs', '--json');
    const second = await flowferry('run', 'runs', '--target', 'acme');
    const stepped = await flowferry('run', 'runs', '--mode', 'report', '--detailed-exitcode');

    const { runId, targets } = jsonOf<SyncRun>(first);
    expect([report, first, second, stepped].map(({ code }) => code)).toEqual([2, 0, 0, 0]);
    expect(report.stdout).toMatch(/\(report\): succeeded$/m);
    expect(report.stdout).toMatch(/^ {2}flow new +moved by source$/m);
    expect(before).toBe(0);
    expect(targets).toMatchObject([{ account: 'acme', status: 'changed', conflicts: [] }]);
    expect(sandbox.documents('acme', 'flows')).toHaveLength(1);
    expect(second.stdout).toMatch(/^acme +in-step +0 +0 +0 +0$/m);
    expect((await flowferry('status', 'runs', runId)).stdout).toMatch(/^acme +changed /m);
  }, 60_000);

  test('What the tenant changed is reported with its place, and kept.', async () => {
    await put('kept', SYNC);
    await flowferry('run', 'kept');
    const [own] = sandbox.documents('acme', 'flows');
    sandbox.edit('acme', 'flows', String(own?._id), (flow) => {
      flow['description'] = 'mine';
    });

    const report = await flowferry('run', 'kept', '--mode', 'report', '--detailed-exitcode');
    const run = await flowferry('run', 'kept', '--json');

    expect(report.code).toBe(0);
    expect(report.stdout).toContain(`flow ${own?._id} /description moved by target`);
    expect(jsonOf<SyncRun>(run).targets).toMatchObject([{ status: 'in-step', applied: 0, kept: 1 }]);
    expect(sandbox.documents('acme', 'flows')[0]).toMatchObject({ description: 'mine' });
  }, 60_000);

  test('Runs are listed newest first, page by page, and the last one stands with the sync.', async () => {
    await put('listed', SYNC);
    const runs: string[] = [];
    for (const mode of ['report', 'apply', 'report']) {
      runs.unshift(jsonOf<SyncRun>(await flowferry('run', 'listed', '--mode', mode, '--json')).runId);
    }

    const all = await flowferry('runs', 'listed');
    const page = jsonOf<{ runs: SyncRun[]; next: string }>(
      await flowferry('runs', 'listed', '--limit', '2', '--json'),
    );
    const rest = await flowferry('runs', 'listed', '--cursor', page.next, '--json');
    const sync = jsonOf<JsonObject>(await flowferry('get', 'listed'));
    const again = await put('listed', sync);

    expect(all.stdout.match(/^run-\S+ +(report|apply) +succeeded/gm)).toHaveLength(3);
    expect(page.runs.map(({ runId }) => runId)).toEqual(runs.slice(0, 2));
    expect(jsonOf<{ runs: SyncRun[] }>(rest).runs.map(({ runId }) => runId)).toEqual(runs.slice(2));
    expect(sync['lastRun']).toMatchObject({ runId: runs[0], status: 'succeeded' });
    expect(again.code).toBe(0);
    expect(jsonOf<JsonObject>(again)['lastRun']).toEqual(sync['lastRun']);
  }, 60_000);

  test('A run that is not waited for, and one that fails, are told apart by their exit codes.', async () => {
    await put('fails', { ...SYNC, source: { account: 'blueprint', flowIds: ['ffffffffffffffffffffffff'] } });

    const begun = await flowferry('run', 'fails', '--async');
    const failed = await flowferry('run', 'fails');
    const stopped = await flowferry('cancel', 'fails', /run-\S+/.exec(begun.stdout)?.[0] ?? '');

    expect(begun).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Run run-\S+ is under way\.$/m) });
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain('flow_not_found');
    expect(stopped.code).toBe(0);
  }, 60_000);

  test('A wrong file is refused with every field named, and nothing is stored.', async () => {
    const wrong = await put('wrong', { ...SYNC, prune: 'all', targets: [{ account: 'acme', into: 'x' }] });
    const unknown = await put('wrong', { ...SYNC, targets: [{ account: 'nobody' }] });
    const text = join(folder, 'text.json');
    await writeFile(text, 'source: blueprint');
    const none = await flowferry('put', 'wrong', '--file', text);
    const got = await flowferry('get', 'wrong');

    expect(wrong).toMatchObject({ code: 64, stdout: '' });
    expect(wrong.stderr).toContain('flowferry: invalid_request: ');
    expect(wrong.stderr).toMatch(/^ {2}invalid_request \/prune$/m);
    expect(wrong.stderr).toMatch(/^ {2}invalid_request \/targets\/0\/into$/m);
    expect(unknown.stderr).toMatch(/^ {2}account_not_found \/targets\/0\/account$/m);
    expect(none).toMatchObject({ code: 64 });
    expect(got).toMatchObject({ code: 1, stderr: expect.stringContaining('sync_not_found') });
  });

  test('One is deleted only when that is meant, and what it made stays.', async () => {
    await put('gone', SYNC);
    await flowferry('run', 'gone');
    const flows = sandbox.documents('acme', 'flows').length;

    const asked = await flowferry('delete', 'gone');
    const deleted = await flowferry('delete', 'gone', '--yes');
    const twice = await flowferry('delete', 'gone', '--yes');

    expect([asked.code, deleted.code, twice.code]).toEqual([64, 0, 1]);
    expect(twice.stderr).toContain('sync_not_found');
    expect((await flowferry('list')).stdout).not.toMatch(/^gone /m);
    expect(sandbox.documents('acme', 'flows')).toHaveLength(flows);
  }, 60_000);
});
