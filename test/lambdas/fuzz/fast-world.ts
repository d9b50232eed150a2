import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import {
  createHttpExchange,
  GateRegistry,
  openAccount,
  systemClock,
} from '../../../adapters/integrator/index.ts';
import * as memory from '../../../adapters/memory/index.ts';
import { checkAccountSecret } from '../../../adapters/secrets/account-secret.ts';
import { createSyncStore } from '../../../adapters/sync-store.ts';
import { parseHook } from '../../../adapters/webhooks/index.ts';
import { createCloneEngine } from '../../../core/clone/index.ts';
import { codeOf, FlowferryError } from '../../../core/model/problem.ts';
import type { Account, AccountDirectory, Clock, Log } from '../../../core/ports.ts';
import { carryRun } from '../../../core/sync/carry.ts';
import { createAccountIndex } from '../../../lambdas/account-index.ts';
import { httpHandlers } from '../../../lambdas/handlers.ts';
import type { AccountInput, ServicePorts } from '../../../lambdas/ports.ts';
import { advanceOnce, markFailed, type StepPorts } from '../../../lambdas/worker/step.ts';
import { buildEvent } from '../../../local/gateway-event.ts';
import { createRouter } from '../../../local/gateway-router.ts';
import { startSandbox } from '../../../sandbox/index.ts';
import { HOOK_SECRET, HOOKS } from './hooks.ts';
import { callerKeys } from './keys.ts';
import type { FuzzRequest, World } from './world.ts';

/** Time that passes a thousand times as fast: the slowest rate share keeps nobody waiting. */
const SPEED = 1_000;
const hurried: Clock = {
  now: systemClock.now,
  monotonic: () => systemClock.monotonic() * SPEED,
  sleep: (ms, signal) => systemClock.sleep(ms / SPEED, signal),
};

/** The real handlers and the real engine in this process, over stores in memory and the sandbox. No sockets but its. */
export async function startFastWorld(): Promise<World> {
  const sandbox = await startSandbox({ bucket: 'unlimited', jobMs: 1 });
  const tokens = sandbox.accounts().map(({ token }) => token);
  const clock = systemClock;
  const lines: string[] = [];
  const troubles: string[] = [];
  const write = (message: string, fields: object = {}): void => {
    lines.push(JSON.stringify({ message, ...fields }));
  };
  const log: Log = {
    info: write,
    warn: write,
    error: (message, fields) => {
      write(message, fields);
      troubles.push(lines.at(-1) ?? message);
    },
  };
  const records = memory.createMemoryRecordStore({ clock });
  const accountIndex = createAccountIndex({ records });
  const secrets = new Map<string, AccountInput>();
  const restore = async (): Promise<void> => {
    for (const { name, token } of sandbox.accounts()) secrets.set(name, { token, baseUrl: sandbox.url });
    secrets.set('second', { token: tokens[1] ?? '', baseUrl: sandbox.url });
    for (const name of secrets.keys()) await accountIndex.put(name, 'us');
  };
  await restore();

  // Wherever an account is said to be, it is in the sandbox: nothing leaves this machine.
  const http = createHttpExchange();
  const gates = new GateRegistry({ clock: hurried });
  const open = (name: string, input: AccountInput, rateShare: number): Account => {
    const { token, region } = checkAccountSecret(name, input, { allowLoopbackHttp: true });
    const place = { name, region, baseUrl: sandbox.url, allowLoopbackHttp: true, exchange: http.exchange };
    return openAccount({
      ...place,
      rateShare,
      clock,
      gate: gates.gate(name),
      token: async () => token,
    });
  };
  const accounts: AccountDirectory = {
    open: async (name, { rateShare }) => {
      const input = secrets.get(name);
      if (input === undefined)
        throw new FlowferryError('account_not_found', `There is no account "${name}".`);
      return open(name, input, rateShare);
    },
  };

  const engine = createCloneEngine({ adoptionWaitMs: 5 });
  let clones = 0;
  let isClosing = false;
  const atWork = new Set<Promise<void>>();
  const ports: ServicePorts = {
    accounts,
    ledger: memory.createMemoryLedger({ clock }),
    clones: memory.createMemoryCloneStore({ clock }),
    bindings: memory.createMemoryBindingStore(),
    clock,
    log,
    engine,
    keys: callerKeys,
    accountIndex,
    accountWriter: {
      put: async (account, input) => {
        const created = !secrets.has(account);
        secrets.set(account, input);
        return { created };
      },
      delete: async (account) => void secrets.delete(account),
      probe: async (account, input) => open(account, input, 1).identity(),
    },
    hooks: {
      get: async (name) => (Object.hasOwn(HOOKS, name) ? parseHook(name, HOOKS[name]) : undefined),
    },
    records,
    idempotency: memory.createMemoryIdempotencyStore({ clock }),
    syncs: createSyncStore({ records, runRetentionDays: 1 }),
    schedules: { put: async () => undefined, remove: async () => undefined },
    worker: {
      start: async (cloneId, attempt) => {
        const work = carryOn(cloneId, attempt).finally(() => atWork.delete(work));
        atWork.add(work);
      },
    },
    settings: {
      syncWaitMs: 1_000,
      idempotencyTtlSeconds: 60,
      stallAfterMs: 60_000,
      callbacks: true,
      allowLoopbackHttp: true,
    },
    newCloneId: () => `clone-${String(++clones).padStart(6, '0')}`,
  };
  const runs = carryRun({ ...ports, events: { put: async () => undefined } });
  const step: StepPorts = { ...ports, engine, runs, stepMs: 60_000 };

  async function carryOn(cloneId: string, attempt: number): Promise<void> {
    for (let failures = 0; !isClosing; ) {
      try {
        const advance = await advanceOnce(step, { cloneId, attempt });
        if (advance.next === 'stop') return;
        await sleep(advance.next === 'later' ? 10 : 0);
      } catch (error) {
        // A store's clash is worth another try, as in the worker; what nobody foresaw is a trouble.
        if (codeOf(error) === 'internal_error') troubles.push(`worker: ${(error as Error).stack}`);
        if (++failures > 3) return void (await markFailed(step, { cloneId, attempt }));
        await sleep(5);
      }
    }
  }

  const handlers = httpHandlers(ports);
  const route = createRouter();
  let requests = 0;
  return {
    known: {
      accounts: ['blueprint', 'acme', 'second', 'nobody'],
      ids: sandbox.documents('blueprint').map(({ _id }) => String(_id)),
      tokens,
      rateShares: [1, 0.95, 0.3, 1e-9, 5e-324, Number.EPSILON, 1 - Number.EPSILON],
      origin: sandbox.url,
    },
    flowIds: sandbox.documents('blueprint', 'flows').map(({ _id }) => String(_id)),
    secrets: [...tokens, HOOK_SECRET],
    restore,
    async send(request) {
      const matched = route(request.method, request.path.split('?', 1)[0] ?? '/');
      const requestId = `request-${++requests}`;
      const made = buildEvent(asMessage(request), request.body, {
        ...matched,
        requestId,
        receivedAt: Date.now(),
      });
      const event =
        request.isBase64Encoded === undefined ? made : { ...made, isBase64Encoded: request.isBase64Encoded };
      const context = { awsRequestId: requestId, getRemainingTimeInMillis: () => 29_000 } as Context;
      const reply = await handlers[matched.function](event, context);
      const headers = Object.entries(reply.headers ?? {}).map(([name, value]) => [
        name.toLowerCase(),
        String(value),
      ]);
      return {
        status: reply.statusCode ?? 200,
        headers: Object.fromEntries(headers),
        body: reply.body ?? '',
      };
    },
    troubles: () => troubles,
    logged: () => lines.join('\n'),
    async close() {
      isClosing = true;
      await Promise.all(atWork);
      http.close();
      await sandbox.close();
    },
  };
}

/** As much of a message as becomes an event. */
function asMessage({ method, path, headers }: FuzzRequest): IncomingMessage {
  const socket = { remoteAddress: '127.0.0.1' };
  return {
    method,
    url: path,
    headersDistinct: headers,
    httpVersion: '1.1',
    socket,
  } as unknown as IncomingMessage;
}
