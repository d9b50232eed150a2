import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { CloneState } from '../../core/model/clone.ts';
import { type Call, type Sandbox, startSandbox } from '../../sandbox/index.ts';
import { BLUEPRINT_REQUEST, blueprintDocuments, emptyTarget, IDS } from '../support/blueprint.ts';
import { unfaithful } from '../support/faithful.ts';
import { type LocalProcess, type Service, startService } from './service.ts';

const KEY = 'key-of-the-kill-test';

let folder: string;
let sandbox: Sandbox;
/** The newest process of the service, ready or not. */
let current: LocalProcess | undefined;
let env: Record<string, string>;
/** Numbers of writes into the target at which the service is killed, and whether before or after they take effect. */
let kills: { write: number; phase: 'before' | 'after' }[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flowferry-kill-'));
  let writes = 0;
  sandbox = await startSandbox({
    latencyMs: 5,
    jobMs: 5,
    accounts: [
      { name: 'blueprint', token: 'token-of-source', userId: 'source', documents: blueprintDocuments() },
      { name: 'acme', token: 'token-of-target', userId: 'target', documents: emptyTarget() },
    ],
    onCall(call: Call, phase) {
      if (call.account !== 'acme' || call.method === 'GET') return;
      if (phase === 'before') writes += 1;
      const [next] = kills;
      if (next?.write !== writes || next.phase !== phase) return;
      kills.shift();
      current?.child.kill('SIGKILL');
      return 'drop';
    },
  });
  const file = join(folder, 'accounts.json');
  await writeFile(
    file,
    JSON.stringify({
      blueprint: { token: 'token-of-source', baseUrl: sandbox.url },
      acme: { token: 'token-of-target', baseUrl: sandbox.url },
    }),
  );
  env = { FLOWFERRY_DATA: join(folder, 'data'), FLOWFERRY_ACCOUNTS: file };
});

afterEach(async () => {
  await current?.end('SIGKILL');
  await sandbox.close();
  await rm(folder, { recursive: true });
});

/** Starts the service on the folder until it stays alive for long enough to say that it is ready. */
async function start(): Promise<Service> {
  for (;;) {
    const left = kills.length;
    try {
      return await startService(KEY, env, (process) => {
        current = process;
      });
    } catch (error) {
      // Killed while it started: it goes on with the clone before it says anything.
      if (kills.length === left) throw error;
    }
  }
}

/** The one clone there is; `undefined` while the service is down, or before the clone was stored. */
async function theClone(service: Service): Promise<CloneState | undefined> {
  try {
    const list = await service.get('/clones?target=acme');
    const [clone] = ((await list.json()) as { clones: CloneState[] }).clones;
    return clone && ((await (await service.get(`/clones/${clone.cloneId}`)).json()) as CloneState);
  } catch {
    return undefined;
  }
}

test('a clone killed at any write ends by itself after the next start, with one copy of each', async () => {
  kills = [
    { write: 3, phase: 'after' },
    { write: 12, phase: 'before' },
  ];
  let service = await start();
  const asked = service.post('/clone', BLUEPRINT_REQUEST, { prefer: 'respond-async' }).catch(() => {});
  while (kills.length > 0) {
    await current?.ended;
    service = await start();
  }
  let state = await theClone(service);
  while (state === undefined || state.status === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 50));
    state = await theClone(service);
  }
  await asked;

  expect(kills).toEqual([]);
  expect(state).toMatchObject({ status: 'succeeded', errors: [] });
  expect(Object.keys(state.idMap ?? {})).toContain(IDS.integration);
  expect(unfaithful(sandbox, state.idMap ?? {}, new Set([IDS.targetStandalone]))).toEqual([]);
}, 60_000);
