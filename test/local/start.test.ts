import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CloneState } from '../../core/model/clone.ts';
import { defaultAccounts, type Sandbox, startSandbox } from '../../sandbox/index.ts';
import { LocalProcess, type Service, startService } from './service.ts';
import { everythingStored } from './stored.ts';

/** Every secret that this test hands out, or that the sandbox's connections hold, has this in it. */
const PLANTED = 'planted';
const KEY = `${PLANTED}-api-key`;

const ORDER = {
  source: { account: 'blueprint', integrationIds: ['58f107a36b3bdd4f87aca76b'] },
  target: { account: 'acme' },
  connections: 'match-name',
};

describe('npm start', () => {
  let folder: string;
  let sandbox: Sandbox;
  let env: Record<string, string>;
  let service: Service;
  /** All that any process said and answered. */
  const said: string[] = [];

  const answered = async <T>(response: Response): Promise<T> => {
    const text = await response.text();
    said.push(text, JSON.stringify([...response.headers]));
    return JSON.parse(text) as T;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flowferry-start-'));
    const accounts = defaultAccounts().map((one) => ({ ...one, token: `${PLANTED}-${one.name}` }));
    sandbox = await startSandbox({ accounts, jobMs: 5 });
    const file = join(folder, 'accounts.json');
    const entries = accounts.map(({ name, token }) => [name, { token, baseUrl: sandbox.url }]);
    await writeFile(file, JSON.stringify(Object.fromEntries(entries)));
    env = { FLOWFERRY_DATA: join(folder, 'data'), FLOWFERRY_ACCOUNTS: file };
    service = await startService(KEY, env);
  });
  afterAll(async () => {
    await service?.process.end('SIGKILL');
    await sandbox.close();
    await rm(folder, { recursive: true });
  });

  test('answers without a key only what needs none', async () => {
    const health = await fetch(`${service.url}/health`);
    const accounts = await fetch(`${service.url}/accounts`);

    expect(health.status).toBe(200);
    expect(accounts.status).toBe(401);
    expect(await answered(accounts)).toMatchObject({ code: 'unauthorized' });
  });

  test('says the ready line alone on stdout, and structured lines on stderr', () => {
    const lines = service.process.stdout.trim().split('\n');

    expect(lines).toContain(`flowferry ready on ${service.url}`);
    for (const line of service.process.stderr.trim().split('\n')) {
      expect(JSON.parse(line)).toMatchObject({ level: 'INFO', service: 'flowferry' });
    }
  });

  test('names the accounts of the file beside those of the sandbox', async () => {
    const { accounts } = await answered<{ accounts: unknown }>(await service.get('/accounts'));

    expect(accounts).toEqual([
      { account: 'acme', region: 'us' },
      { account: 'blueprint', region: 'us' },
    ]);
  });

  test('plans, clones, replays, and finds all of it again after it was ended and started', async () => {
    const plan = await answered<CloneState>(await service.post('/clone', { ...ORDER, dryRun: true }));
    const writesOfPlan = sandbox.stats('acme').byMethod['POST'] ?? 0;
    const key = { 'idempotency-key': 'once' };
    const first = await service.post('/clone', ORDER, key);
    const clone = await answered<CloneState>(first);
    const exitCode = await service.process.end('SIGTERM');
    said.push(service.process.stdout, service.process.stderr);
    service = await startService(KEY, env);
    const replay = await service.post('/clone', ORDER, key);
    const again = await answered<CloneState>(replay);
    const found = await answered<CloneState>(await service.get(`/clones/${clone.cloneId}`));
    sandbox.resetCalls();
    const second = await answered<CloneState>(await service.post('/clone', ORDER));

    expect(plan).toMatchObject({ status: 'planned', plan: { counts: { create: 20, reuse: 5 } } });
    expect(writesOfPlan).toBe(0);
    expect([first.status, clone.status]).toEqual([201, 'succeeded']);
    expect(exitCode).toBe(0);
    expect(replay.headers.get('idempotency-replayed')).toBe('true');
    expect(again.cloneId).toBe(clone.cloneId);
    expect(found.idMap).toEqual(clone.idMap);
    expect(second.plan?.counts).toEqual({ create: 0, update: 0, reuse: 5, unchanged: 20 });
    expect(Object.keys(sandbox.stats('acme').byMethod)).toEqual(['GET']);
    expect(sandbox.documents('acme', 'flows')).toHaveLength(2);
  });

  test('lets no token, key or connection secret out, into no line, answer or stored file', async () => {
    const refused = await service.post('/clone', { ...ORDER, apiKey: KEY, source: { account: KEY } });
    await answered(refused);
    await answered(await service.get('/accounts/blueprint/flows'));
    await service.process.end('SIGINT');
    said.push(service.process.stdout, service.process.stderr);

    const stored = await everythingStored(join(folder, 'data'));

    expect(JSON.stringify(sandbox.documents('blueprint'))).toContain(PLANTED);
    // What should be there can be found, so what should not would be found as well.
    expect(stored).toContain('Send GitHub Events to Slack');
    expect(stored).not.toContain(PLANTED);
    expect(said.join('\n').replaceAll(`"name":"${KEY}"`, '')).not.toContain(PLANTED);
  });

  test('prints a key that it made, and lets in who shows it', async () => {
    const own = await startService('', {});

    const key = /^API key \(x-api-key\): (\S+)$/m.exec(own.process.stdout)?.[1] ?? '';
    const response = await own.get('/accounts', { 'x-api-key': key });
    const exitCode = await own.process.end('SIGTERM');

    expect(key).toMatch(/^[\w-]{32}$/);
    expect(response.status).toBe(200);
    expect(exitCode).toBe(0);
  });

  test('goes on when nobody takes its log any more', async () => {
    const own = await startService(KEY, {});

    own.process.child.stderr?.destroy();
    const orders = [await own.post('/clone', ORDER), await own.post('/clone', ORDER)];
    const exitCode = await own.process.end('SIGTERM');

    expect(orders.map(({ status }) => status)).toEqual([201, 201]);
    expect(exitCode).toBe(0);
  });

  test('says which variable names a port that is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };

    const own = new LocalProcess('start.ts', { PORT: String(port), SANDBOX_PORT: '0' });
    const exitCode = await own.ended;
    taken.close();

    expect(exitCode).toBe(1);
    expect(own.stderr).toContain(`PORT: port ${port} on 127.0.0.1 is in use`);
    expect(own.stdout).toBe('');
  });

  test('keeps what is secret on disk apart from the database, for its owner alone', async () => {
    const secrets = join(folder, 'kept');
    const { startSecretsManager } = await import('../../local/standins/secrets-manager.ts');
    const standin = await startSecretsManager({ folder: secrets });
    const { createAccountSecrets } = await import('../../adapters/secrets/index.ts');
    const { systemClock } = await import('../../adapters/integrator/index.ts');
    const { SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
    const { localClientConfig } = await import('../../local/standins/server.ts');
    const client = new SecretsManagerClient(localClientConfig(standin.endpoint));
    const store = createAccountSecrets({ client, clock: systemClock });

    await store.put('late', { token: 'stored-at-run-time', region: 'us' });
    await standin.close();
    client.destroy();

    const file = join(secrets, 'secrets.json');
    expect(await readFile(file, 'utf8')).toContain('stored-at-run-time');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });
});
