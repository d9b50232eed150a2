import { randomUUID } from 'node:crypto';
import { systemClock } from '../../adapters/integrator/system-clock.ts';
import {
  createMemoryBindingStore,
  createMemoryCloneStore,
  createMemoryIdempotencyStore,
  createMemoryLedger,
  createMemoryRecordStore,
} from '../../adapters/memory/index.ts';
import { createSyncStore } from '../../adapters/sync-store.ts';
import type { CloneState } from '../../core/model/clone.ts';
import { FlowferryError, type Problem } from '../../core/model/problem.ts';
import type { Document, JsonObject } from '../../core/model/resource.ts';
import type { Account, CloneRecord, Log } from '../../core/ports.ts';
import { createAccountIndex } from '../../lambdas/account-index.ts';
import { httpHandlers } from '../../lambdas/handlers.ts';
import type { ApiKey, Engine, ServicePorts, ServiceSettings, WorkerEngine } from '../../lambdas/ports.ts';
import { createGateway, type Gateway } from '../../local/gateway.ts';

export const FLOW_ID = '5f0000000000000000000001';
export const OTHER_FLOW_ID = '5f0000000000000000000002';

/** What becomes of every clone of a service under test. */
export type Fate =
  | { ends: 'succeeded' | 'waiting' }
  | { ends: 'failed' | 'rolled-back' | 'partial'; cause?: string; errors: Problem[] }
  | { refused: string; errors: Problem[] }
  | { runsOn: true };

export interface Service {
  url: string;
  ports: ServicePorts;
  /** Every attempt that was started, as `<cloneId>-<attempt>`. */
  started: string[];
  /** Every line that was logged. */
  lines: JsonObject[];
  fate: Fate;
  /** Thrown by every dry run, where set. */
  dryRunError: Error | undefined;
  /** Resolves when no worker is at work. */
  idle(): Promise<void>;
  close(): Promise<void>;
  call(path: string, init?: RequestInit): Promise<Answer>;
  clone(body: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: Body;
}

/** As much of any answer's shape as tests look at. */
export interface Body extends Partial<CloneState> {
  code?: string;
  title?: string;
  detail?: string;
  type?: string;
  instance?: string;
  errors: (Problem & { resource?: string })[];
  clone?: CloneState;
  clones?: CloneState[];
  accounts?: JsonObject[];
  openapi?: string;
}

const KEYS: Readonly<Record<string, ApiKey>> = {
  'key-of-all': { id: 'all', accounts: ['*'], admin: true },
  'key-of-acme': { id: 'acme-only', accounts: ['acme'], admin: false },
  'key-of-two': { id: 'two', accounts: ['acme', 'blueprint'], admin: true },
  'key-of-other': { id: 'other', accounts: ['*'], admin: false },
};

export function cloneBody(more: JsonObject = {}): JsonObject {
  return { source: { account: 'blueprint', flowIds: [FLOW_ID] }, target: { account: 'acme' }, ...more };
}

/** The service behind the gateway on a free port, over stores in memory and an engine that does as it is told. */
export async function startService(settings: Partial<ServiceSettings> = {}): Promise<Service> {
  const clock = systemClock;
  const lines: JsonObject[] = [];
  const started: string[] = [];
  const write = (message: string, fields?: JsonObject) => void lines.push({ message, ...fields });
  const log: Log = { info: write, warn: write, error: write };
  const clones = createMemoryCloneStore({ clock });
  const service = { fate: { ends: 'succeeded' }, dryRunError: undefined } as Pick<
    Service,
    'fate' | 'dryRunError'
  >;
  const running = new Set<Promise<void>>();

  const engine = engineDouble(service);
  const records = createMemoryRecordStore({ clock });
  const accountIndex = createAccountIndex({ records });
  for (const account of ['blueprint', 'acme']) await accountIndex.put(account, 'us');
  const ports: ServicePorts = {
    accounts: { open: async (name) => openAccount(name) },
    ledger: createMemoryLedger({ clock, takeOverMs: 20 }),
    clones,
    bindings: createMemoryBindingStore(),
    clock,
    log,
    engine,
    keys: { authenticate: async (key) => (Object.hasOwn(KEYS, key) ? KEYS[key] : undefined) },
    accountIndex,
    accountWriter: {
      put: async () => ({ created: true }),
      delete: async () => undefined,
      probe: async () => ({ key: 'us:5f0000000000000000000001', region: 'us' }),
    },
    hooks: { get: async () => undefined },
    records,
    idempotency: createMemoryIdempotencyStore({ clock }),
    syncs: createSyncStore({ records, runRetentionDays: 1 }),
    worker: {
      start: async (cloneId, attempt) => {
        const name = `${cloneId}-${attempt}`;
        if (started.includes(name)) return;
        started.push(name);
        const work = engine.advance(ports, cloneId, 1).then(() => {});
        running.add(work);
        void work.finally(() => running.delete(work));
      },
    },
    settings: {
      syncWaitMs: 5_000,
      idempotencyTtlSeconds: 60,
      stallAfterMs: 60_000,
      callbacks: true,
      allowLoopbackHttp: false,
      ...settings,
    },
    newCloneId: () => randomUUID(),
  };
  const gateway: Gateway = createGateway({ handlers: httpHandlers(ports) });
  const { url } = await gateway.listen(0);

  const call = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      ...init,
      headers: { 'x-api-key': 'key-of-all', ...(init.headers as Record<string, string>) },
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: JSON.parse(text) as Body };
  };
  return Object.assign(service, {
    url,
    ports,
    started,
    lines,
    call,
    clone: (body: unknown, headers: Record<string, string> = {}) =>
      call('/clone', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    idle: async () => {
      await Promise.all(running);
    },
    close: async () => {
      await gateway.close();
      await Promise.all(running);
    },
  });
}

function engineDouble(service: Pick<Service, 'fate' | 'dryRunError'>): Engine & WorkerEngine {
  return {
    planOnly: async (_ports, request) => {
      if (service.dryRunError !== undefined) throw service.dryRunError;
      return { ...stateOf(request.source.account, request.target.account), status: 'planned' };
    },
    newCloneRecord: ({ cloneId, keyId, request, createdAt }) => ({
      cloneId,
      keyId,
      request,
      createdAt,
      status: 'running',
      attempt: 1,
      state: { ...stateOf(request.source.account, request.target.account), cloneId, createdAt },
    }),
    advance: async ({ clones }, cloneId) => {
      await new Promise((resolve) => setImmediate(resolve));
      const record = await clones.get(cloneId);
      const { fate } = service;
      if (record === undefined || 'runsOn' in fate) return { next: 'stop', status: 'running' };
      const status = record.wish === 'rollback' ? 'rolled-back' : 'refused' in fate ? 'failed' : fate.ends;
      const errors = 'errors' in fate && record.wish === undefined ? fate.errors : [];
      await clones.save({ ...record, ...notesOf(fate), status, state: { ...record.state, status, errors } });
      return { next: 'stop', status };
    },
    reportOf: async (_ports, record) => ({ ...record.state, actions: [], idMap: {}, flows: [] }),
    actionsPage: async (_ports, _record, { limit, cursor }) => ({
      actions: [],
      next: cursor === undefined ? `after-${limit}` : null,
    }),
  };
}

function notesOf(fate: Fate): Pick<CloneRecord, 'notes'> {
  if ('refused' in fate) return { notes: { refusal: { code: fate.refused } } };
  return 'cause' in fate && fate.cause !== undefined ? { notes: { cause: { code: fate.cause } } } : {};
}

function stateOf(source: string, target: string): CloneState {
  return {
    status: 'running',
    source: { account: source },
    target: { account: target },
    plan: {
      fingerprint: 'the-plan-as-it-is',
      counts: { create: 1, update: 0, reuse: 0, unchanged: 0 },
      cost: { source: { calls: 1 }, target: { calls: 1 }, seconds: 0.1 },
    },
    warnings: [],
    errors: [],
    progress: { stage: 'done', done: 1, pending: 0 },
    pendingAuthorizations: [],
    stats: { apiCalls: { source: 1, target: 1 }, retries: 0, rateLimited: 0, durationMs: 5 },
  };
}

/** An account that can only be listed and asked who it is: all that the service itself asks of one. */
function openAccount(name: string): Account {
  if (name === 'refused')
    throw new FlowferryError('account_unauthorized', 'integrator.io refused the token.');
  if (name !== 'blueprint' && name !== 'acme') {
    throw new FlowferryError('account_not_found', `There is no account "${name}".`);
  }
  const flows: Document[] = [
    { _id: OTHER_FLOW_ID, name: 'Second', _integrationId: '5f00000000000000000000aa', disabled: true },
    { _id: FLOW_ID, name: 'First' },
  ];
  const integrations: Document[] = [{ _id: '5f00000000000000000000aa', name: 'Orders' }];
  const pages = { flow: [flows.slice(0, 1), flows.slice(1)], integration: [integrations] } as const;
  const account = {
    name,
    identity: async () => ({ key: `us:${name}`, region: 'us', userId: name }),
    async *list(type: 'flow' | 'integration') {
      yield* name === 'acme' ? [] : pages[type];
    },
  };
  return account as unknown as Account;
}
