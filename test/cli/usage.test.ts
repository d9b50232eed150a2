import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FLOW, jsonOf, runHere } from './support.ts';

const REMOTE = { FLOWFERRY_URL: 'https://service.example', FLOWFERRY_API_KEY: 'key-of-the-tests' };

let folder: string;
let accounts: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flowferry-usage-'));
  accounts = join(folder, 'accounts.json');
  writeFileSync(accounts, '{"blueprint": {"token": "not-to-be-shown"}}');
  writeFileSync(join(folder, 'broken.json'), '{"token": "not-to-be-shown"');
  writeFileSync(join(folder, 'wrong.json'), '{"a": {"token": "not to be shown"}, "B": {"token": "x"}}');
  writeFileSync(
    join(folder, 'request.json'),
    '{"source": {"account": "blueprint", "flows": []}, "target": 3, "dryRun": "yes"}',
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('wrong usage ends with 64 and names what is wrong', () => {
  test.each([
    [['nope'], 'nope'],
    [[], 'Usage: flowferry'],
    [['flows'], 'Usage: flowferry flows'],
    [['clone', '--sorce', 'a'], '--source'],
    [['clone', '--token', 'x'], '--token'],
    [['clone', '--flow', 'x'], '--flow'],
    [['clone', '--map', `${FLOW}=x`], '--map'],
    [['clone', '--map', `${FLOW}=${FLOW}`, `${FLOW}=5979c0de0b1ae94d7c3fa101`], 'mapped twice'],
    [['clone', '--connections', 'some'], '--connections'],
    [['clone', '--on-failure', 'panic'], '--on-failure'],
    [['clone', '--rate-share', 'much'], '--rate-share'],
    [['clone', '--run-start', 'yesterday'], '--run-start'],
    [['clone', '--source', 'a', '--target', 'b'], '--flow or --integration'],
    [['clone', '--source', 'A!', '--target', 'b', '--flow', FLOW], '--source'],
    [['clone', '--source', 'a', '--target', 'b', '--flow', FLOW, '--rate-share', '2'], '--rate-share'],
    [['clone', '--source', 'a', '--target', 'b', '--flow', FLOW, '--adopt', 'match-name', 'x'], '--adopt'],
    [['clone', '--source', 'a', '--target', 'b', '--flow', FLOW, '--adopt', 'x'], '--adopt'],
    [
      ['clone', '--source', 'a', '--target', 'b', '--flow', FLOW, '--idempotency-key', 'ü'],
      '--idempotency-key',
    ],
    [['clone', '--request', '-', '--overrides', '-'], '--overrides'],
    [['clone', '--request', 'there-is-none.json'], "--request: there-is-none.json can't be read (ENOENT)"],
    [['status'], '--target'],
    [['status', 'id', '--target', 'acme'], '--target'],
    [['status', '--target', 'acme', '--actions'], '--actions'],
    [['status', '--target', 'acme', '--limit', '0'], '--limit'],
    [['resume'], 'clone'],
    [['accounts', '--url', 'http://service.example'], '--url'],
    [['accounts', '--url', 'https://me:secret@service.example'], '--url'],
    [['accounts', '--url', 'service'], '--url'],
    [['flows', 'list'], '--account'],
    [['flows', 'get', 'x', '--account', 'blueprint'], '24 lower-case hexadecimal'],
    [['sync', 'list'], '--url'],
    [['sync', 'run', 'nightly', '--mode', 'maybe'], '--mode'],
    [['sandbox', '--port', '70000'], '--port'],
    [['sandbox', '--port', '0', '--bucket', 'huge'], '--bucket'],
    [['sandbox', '--port', '0', '--accounts', 'there-is-none.json'], '--accounts'],
    [['sandbox', '--bucket', 'huge', '--accounts', 'there-is-none.json'], 'flowferry: --bucket'],
  ])('flowferry %j', async (args, named) => {
    const ended = await runHere(args);
    const json = await runHere([...args, '--json']);

    expect(ended).toMatchObject({ code: 64, stdout: '' });
    expect(ended.stderr).toContain(named);
    expect(json.code).toBe(64);
    expect(jsonOf<object>(json)).toEqual({
      type: 'urn:flowferry:problem:wrong_usage',
      title: expect.any(String),
      status: 400,
      detail: expect.any(String),
      code: 'wrong_usage',
      errors: expect.arrayContaining([{ code: 'wrong_usage', message: expect.any(String) }]),
    });
  });
});

describe('where a command works', () => {
  test('Neither accounts nor a service, both, or a service without a key are told.', async () => {
    const neither = await runHere(['accounts']);
    const both = await runHere(['accounts'], { ...REMOTE, FLOWFERRY_ACCOUNTS: accounts });
    const chosen = await runHere(['accounts', '--accounts', accounts], REMOTE);
    const keyless = await runHere(['accounts', '--url', 'https://service.example']);
    const folderAndUrl = await runHere(['accounts', '--data', folder], REMOTE);

    expect(neither).toMatchObject({ code: 64, stdout: '' });
    expect(neither.stderr).toContain('--accounts FILE (or FLOWFERRY_ACCOUNTS)');
    expect(both).toMatchObject({ code: 64, stdout: '' });
    expect(both.stderr).toContain('FLOWFERRY_ACCOUNTS and FLOWFERRY_URL contradict each other');
    expect(chosen).toMatchObject({ code: 0, stdout: expect.stringMatching(/blueprint +us/) });
    expect(keyless.code).toBe(64);
    expect(keyless.stderr).toContain('FLOWFERRY_API_KEY');
    expect(folderAndUrl.code).toBe(64);
    expect(folderAndUrl.stderr).toContain('--data');
  });

  test('A file of accounts that is wrong is told member by member, without a token.', async () => {
    const broken = await runHere(['accounts', '--accounts', join(folder, 'broken.json')]);
    const wrong = await runHere(['accounts', '--accounts', join(folder, 'wrong.json')]);
    const unknown = await runHere(['flows', 'get', FLOW, '--account', 'acme', '--accounts', accounts]);

    expect([broken.code, wrong.code, unknown.code]).toEqual([64, 64, 64]);
    expect(wrong.stderr).toContain('member "a"');
    expect(wrong.stderr).toContain('member "B"');
    expect(unknown.stderr).toContain('--account: there is no account "acme"');
    expect(unknown.stderr).toContain('there are: blueprint');
    expect(`${broken.stderr}${wrong.stderr}${unknown.stderr}`).not.toMatch(/not.to.be.shown/);
  });

  test('Every wrong member of a request file is told with its place, and every wrong option by its name.', async () => {
    const file = join(folder, 'request.json');

    const ended = await runHere(['plan', '--request', file, '--rate-share', '7']);

    expect(ended.code).toBe(64);
    for (const place of [
      `${file}: /source/flows`,
      `${file}: /target`,
      `${file}: /dryRun`,
      'flowferry: --rate-share',
    ]) {
      expect(ended.stderr).toContain(place);
    }
  });
});
