import type { JsonObject } from '../core/model/resource.ts';
import type { Log } from '../core/ports.ts';
import type { AccountIndex, ServicePorts } from '../lambdas/ports.ts';
import { pointAwsAt } from './aws-environment.ts';
import { claimFolder } from './claim.ts';
import { startingSecrets } from './secrets.ts';
import type { LocalSettings } from './settings.ts';
import { SettingsError } from './settings-error.ts';
import type { Standin } from './standins/server.ts';

/** The names that the local run gives to what it plays. */
const TABLE = 'flowferry';
const WORKER = 'worker';
const SYNC_SCHEDULE = 'sync-schedule';

/** How often the sweeper looks for clones that nobody carries on, ms. */
const SWEEP_MS = 2_000;

/** How long requests and steps under way are waited for at the end, ms. */
const GRACE_MS = 2_000;

/** The service and all it stands on, running in this process. */
export interface LocalService {
  url: string;
  sandboxUrl: string;
  /** Resolves once nothing listens any more; what was under way goes on at the next start with the same folder. */
  close(): Promise<void>;
}

interface Closable {
  close(): Promise<void>;
}

/**
 * Starts the deployed functions' handlers behind a gateway on loopback, with stand-ins for the services of AWS and
 * a sandbox of integrator.io. Sets the variables by which clients of AWS in this process find the stand-ins.
 *
 * @throws {SettingsError} when a port is taken or the folder is in use
 */
export async function startLocal(
  settings: LocalSettings,
  { env, log }: { env: NodeJS.ProcessEnv; log: Log },
): Promise<LocalService> {
  const closers: (() => Promise<void>)[] = [];
  const opened = <T extends Closable>(part: T): T => {
    closers.unshift(() => part.close());
    return part;
  };
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0)) await each();
  };
  try {
    return { ...(await start(settings, env, log, opened)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  settings: LocalSettings,
  env: NodeJS.ProcessEnv,
  log: Log,
  opened: <T extends Closable>(part: T) => T,
): Promise<{ url: string; sandboxUrl: string }> {
  const { folder } = settings;
  if (folder !== undefined) opened(await claimFolder('FLOWFERRY_DATA', folder));
  // Loading the clients of AWS takes longest: it goes on while the stand-ins start.
  const loading = load();
  // In this order, for they end in the reverse one: what works must end before what it works with.
  const [store, accounts] = await allOpened([startStore(folder), startAccounts(settings)], opened);
  const { startSecretsManager } = await import('./standins/secrets-manager.ts');
  const given = startingSecrets(settings, accounts);
  const secrets = opened(await startSecretsManager({ folder, secrets: given }));
  const bus = opened(await startBus(log));
  const lambda = opened(await startFunctions(folder, log));
  const scheduler = opened(await startSchedules(lambda, log));
  pointAwsAt(
    {
      SECRETS_MANAGER: secrets.endpoint,
      DYNAMODB: store.endpoint,
      LAMBDA: lambda.endpoint,
      EVENTBRIDGE: bus.endpoint,
      SCHEDULER: scheduler.endpoint,
    },
    env,
  );

  const {
    composeService,
    composeWorker,
    composeSweeper,
    composeAccountCheck,
    accountCheckHandler,
    createGateway,
    throttled,
    httpHandlers,
    workerHandler,
    syncScheduleHandler,
  } = await loading;
  const variables = {
    // The one key is for everybody who tries this out.
    FLOWFERRY_KEY_RATE: '0',
    FLOWFERRY_HOOK_RATE: '0',
    FLOWFERRY_FIRST_LOOK_SECONDS: '2',
    // This process is the only one that calls these accounts.
    FLOWFERRY_PACING: 'own',
    ...settings.functionVariables,
    FLOWFERRY_TABLE: TABLE,
    FLOWFERRY_EVENT_BUS: 'default',
    FLOWFERRY_WORKER_FUNCTION: WORKER,
    FLOWFERRY_SCHEDULE_GROUP: TABLE,
    FLOWFERRY_SCHEDULE_FUNCTION_ARN: `arn:aws:lambda:us-east-1:000000000000:function:${SYNC_SCHEDULE}`,
    FLOWFERRY_SCHEDULE_ROLE_ARN: 'arn:aws:iam::000000000000:role/local',
    FLOWFERRY_ALLOW_LOOPBACK: 'true',
    FLOWFERRY_SYNC_WAIT_MS: String(settings.syncWaitMs),
  };
  const service = composeService(variables, { log });
  const shared = { log, accounts: service.accounts };
  lambda.register(WORKER, { kind: 'durable', handler: workerHandler(composeWorker(variables, shared)) });
  lambda.register(SYNC_SCHEDULE, { kind: 'plain', handler: syncScheduleHandler(service) });
  await listAccounts(given, service.accountIndex);

  const handlers = httpHandlers(service);
  const { throttleFactor: factor } = settings;
  const gateway = createGateway({
    handlers: factor > 0 ? throttled(handlers, { factor, clock: service.clock, log }) : handlers,
  });
  const { url } = await named('PORT', settings.port, gateway.listen(settings.port));
  opened({ close: () => gateway.close(GRACE_MS) });
  if (folder !== undefined) {
    const { goOnWithUnfinished } = await import('./sweep.ts');
    const { clones, worker: starter, syncs } = service;
    await goOnWithUnfinished({ clones, worker: starter, lambda, functionName: WORKER, syncs, log });
    await keepSchedules(service);
  }
  const { repeatedly, sweep } = await loading;
  const sweeper = composeSweeper(variables, shared);
  opened(repeatedly(SWEEP_MS, () => sweep(sweeper), GRACE_MS));
  if (settings.accountCheckMs > 0) {
    const check = accountCheckHandler(composeAccountCheck(variables, shared));
    opened(repeatedly(settings.accountCheckMs, check, GRACE_MS));
  }
  return { url, sandboxUrl: accounts.url };
}

/** Accounts whose secrets are there from the start are in the index from the start. */
async function listAccounts(secrets: Readonly<Record<string, string>>, index: AccountIndex): Promise<void> {
  for (const [name, secret] of Object.entries(secrets)) {
    const [, account] = /^flowferry\/accounts\/(.+)$/.exec(name) ?? [];
    if (account === undefined) continue;
    const { region = 'us' } = JSON.parse(secret) as { region?: string };
    await index.put(account, region);
  }
}

async function load() {
  const [compose, handlers, worker, sweeper, check, schedule, gateway, limits, timer] = await Promise.all([
    import('../lambdas/compose.ts'),
    import('../lambdas/handlers.ts'),
    import('../lambdas/worker/handler.ts'),
    import('../lambdas/sweeper/sweep.ts'),
    import('../lambdas/account-check/handler.ts'),
    import('../lambdas/sync-schedule/handler.ts'),
    import('./gateway.ts'),
    import('./throttled.ts'),
    import('./timer.ts'),
  ]);
  return {
    ...compose,
    ...handlers,
    ...worker,
    ...sweeper,
    ...check,
    ...schedule,
    ...gateway,
    ...limits,
    ...timer,
  };
}

/** Events go to the log: whoever tries this out sees what would be on the bus. */
async function startBus(log: Log) {
  const { startEventBridge } = await import('./standins/eventbridge.ts');
  return startEventBridge(({ source, type, detail }) =>
    log.info('event', { source, type, detail: detail as JsonObject }),
  );
}

/** Calls syncs at their times, as EventBridge Scheduler does. */
async function startSchedules(lambda: Standin, log: Log) {
  const { startScheduler } = await import('./standins/scheduler.ts');
  return startScheduler({
    lambdaEndpoint: lambda.endpoint,
    onTrouble: (name, error) => log.error('schedule failed', { name, message: String(error) }),
  });
}

/** The stand-in forgets schedules when the process ends; the syncs know them. */
async function keepSchedules({ syncs, schedules }: ServicePorts): Promise<void> {
  let cursor: string | undefined;
  do {
    const page = await syncs.list({ limit: 100, cursor });
    for (const { name, definition } of page.syncs) {
      const { schedule: expression, timezone } = definition;
      if (expression !== undefined) await schedules?.put(name, { expression, timezone });
    }
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

async function startAccounts({ sandbox }: LocalSettings) {
  const { startSandbox } = await import('../sandbox/index.ts');
  return named('SANDBOX_PORT', sandbox.port ?? 0, startSandbox(sandbox));
}

async function startStore(folder: string | undefined) {
  const { startDynamodb } = await import('./standins/dynamodb.ts');
  const { join } = await import('node:path');
  return startDynamodb({ tableName: TABLE, folder: folder && join(folder, 'database') });
}

async function startFunctions(folder: string | undefined, log: Log) {
  const [{ startLambda }, { errorFields }] = await Promise.all([
    import('./standins/lambda.ts'),
    import('../lambdas/http/log.ts'),
  ]);
  return startLambda({
    folder,
    graceMs: GRACE_MS,
    onTrouble: (functionName, error) => log.error('function failed', { functionName, ...errorFields(error) }),
  });
}

/** Starts two parts side by side. Where one fails, the other must be known, to be closed. */
async function allOpened<A extends Closable, B extends Closable>(
  starting: [Promise<A>, Promise<B>],
  opened: <T extends Closable>(part: T) => T,
): Promise<[A, B]> {
  for (const one of await Promise.allSettled(starting)) if (one.status === 'fulfilled') opened(one.value);
  return Promise.all(starting);
}

/** Says by which variable a port can be changed that somebody else has. */
async function named<T>(variable: string, port: number, listening: Promise<T>): Promise<T> {
  try {
    return await listening;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    const why = code === 'EACCES' ? 'may not be used' : 'is in use';
    throw new SettingsError([`${variable}: port ${port} on 127.0.0.1 ${why}; choose another, or 0 for any.`]);
  }
}
