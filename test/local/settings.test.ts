import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readSettings } from '../../local/settings.ts';
import { SettingsError } from '../../local/settings-error.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flowferry-settings-'));
});
afterEach(() => rm(folder, { recursive: true }));

function linesOf(env: Record<string, string>): readonly string[] {
  try {
    readSettings(env, () => 'made');
  } catch (error) {
    if (error instanceof SettingsError) return error.lines;
    throw error;
  }
  return [];
}

describe('the variables of the local run', () => {
  test('have the defaults of the contract', () => {
    const settings = readSettings({}, () => 'made');

    expect(settings).toMatchObject({
      port: 3000,
      sandbox: { port: 3001 },
      apiKey: 'made',
      folder: undefined,
      syncWaitMs: 20_000,
      throttleFactor: 100,
      accountCheckMs: 86_400_000,
    });
    expect(settings.accounts.size).toBe(0);
  });

  test('count as absent when they are empty', () => {
    expect(readSettings({ PORT: '', FLOWFERRY_API_KEY: '', FLOWFERRY_DATA: '' }, () => 'made')).toMatchObject(
      {
        port: 3000,
        apiKey: 'made',
        folder: undefined,
      },
    );
  });

  test('are taken as they are given', async () => {
    const file = join(folder, 'accounts.json');
    await writeFile(file, '{"beta": {"token": "t", "region": "eu"}}');

    const settings = readSettings(
      {
        PORT: '0',
        SANDBOX_PORT: '4000',
        SANDBOX_LATENCY_MS: '7',
        SANDBOX_BUCKET: '10,5',
        FLOWFERRY_API_KEY: 'given',
        FLOWFERRY_ACCOUNTS: file,
        FLOWFERRY_DATA: join(folder, 'a/b'),
        FLOWFERRY_SYNC_WAIT_MS: '0',
        FLOWFERRY_THROTTLE_FACTOR: '1',
        FLOWFERRY_ACCOUNT_CHECK_SECONDS: '3600',
        FLOWFERRY_STEP_MS: '2000',
        FLOWFERRY_TABLE: 'somebody-else',
      },
      () => 'made',
    );

    expect(settings).toMatchObject({
      port: 0,
      sandbox: { port: 4000, latencyMs: 7, bucket: { size: 10, refillPerSecond: 5 } },
      apiKey: 'given',
      folder: join(folder, 'a/b'),
      syncWaitMs: 0,
      throttleFactor: 1,
      accountCheckMs: 3_600_000,
      functionVariables: { FLOWFERRY_STEP_MS: '2000' },
    });
    expect(settings.accounts.get('beta')).toMatchObject({ token: 't', region: 'eu' });
  });

  test('are all named that are wrong', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '[]');

    const lines = linesOf({
      PORT: '65536',
      SANDBOX_LATENCY_MS: '-1',
      SANDBOX_BUCKET: '1000',
      SANDBOX_PORT: 'x',
      FLOWFERRY_API_KEY: 'two words',
      FLOWFERRY_ACCOUNTS: file,
      FLOWFERRY_DATA: file,
      FLOWFERRY_SYNC_WAIT_MS: '-1',
      FLOWFERRY_THROTTLE_FACTOR: '1001',
      FLOWFERRY_ACCOUNT_CHECK_SECONDS: '1728001',
      FLOWFERRY_KEY_RATE: 'many',
      FLOWFERRY_LOG_LEVEL: 'LOUD',
    });

    expect(lines.map((line) => line.split(/[ :]/)[0])).toEqual([
      'PORT',
      'SANDBOX_LATENCY_MS',
      'SANDBOX_BUCKET',
      'SANDBOX_PORT',
      'FLOWFERRY_API_KEY',
      'FLOWFERRY_ACCOUNTS',
      'FLOWFERRY_DATA',
      'FLOWFERRY_SYNC_WAIT_MS',
      'FLOWFERRY_THROTTLE_FACTOR',
      'FLOWFERRY_ACCOUNT_CHECK_SECONDS',
      'FLOWFERRY_KEY_RATE',
      'FLOWFERRY_LOG_LEVEL',
    ]);
    expect(lines.join()).not.toContain('two words');
  });

  test.each([
    ['SANDBOX_LATENCY_MS', '-1'],
    ['SANDBOX_BUCKET', '0,300'],
    ['SANDBOX_BUCKET', '1000'],
    ['SANDBOX_BUCKET', '1,2,3'],
  ])('refuse %s=%s', (variable, value) => {
    expect(linesOf({ [variable]: value })).toEqual([expect.stringContaining(variable)]);
  });
});

describe('the file of accounts', () => {
  test('is named with every member that is wrong, and no token is quoted', async () => {
    const file = join(folder, 'accounts.json');
    const accounts = {
      good: { token: 'planted' },
      Upper: { token: 'planted' },
      spaced: { token: 'planted token' },
      none: {},
      text: 'planted',
      moon: { token: 'planted', region: 'planted' },
      plain: { token: 'planted', baseUrl: 'http://planted.example' },
      extra: { token: 'planted', planted: true },
    };
    await writeFile(file, JSON.stringify(accounts));

    const lines = linesOf({ FLOWFERRY_ACCOUNTS: file });

    expect(lines.map((line) => /^FLOWFERRY_ACCOUNTS: (.+): member "(\w+)": /.exec(line)?.slice(1))).toEqual(
      ['Upper', 'spaced', 'none', 'text', 'moon', 'plain', 'extra'].map((name) => [file, name]),
    );
    expect(lines.join()).not.toContain('planted');
  });

  test('is named when it can not be read, or is not JSON, without a word of it', async () => {
    const file = join(folder, 'broken.json');
    await writeFile(file, '{"acme": {"token": "planted"');
    const missing = join(folder, 'missing.json');

    expect(linesOf({ FLOWFERRY_ACCOUNTS: file })).toEqual([
      `FLOWFERRY_ACCOUNTS: ${file}: must be a JSON object of accounts by name`,
    ]);
    expect(linesOf({ FLOWFERRY_ACCOUNTS: missing })).toEqual([
      `FLOWFERRY_ACCOUNTS: ${missing}: can't be read (ENOENT)`,
    ]);
  });
});
