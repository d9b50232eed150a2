import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  createBindingStore,
  createCloneStore,
  createLedger,
  createRecordStore,
} from '../../adapters/dynamodb/index.ts';
import { createRateLease } from '../../adapters/dynamodb/rate-lease.ts';
import {
  createHttpExchange,
  GateRegistry,
  openAccount,
  systemClock,
} from '../../adapters/integrator/index.ts';
import {
  createMemoryBindingStore,
  createMemoryCloneStore,
  createMemoryLedger,
} from '../../adapters/memory/index.ts';
import { type ClonePorts, createCloneEngine } from '../../core/clone/index.ts';
import type { CloneState } from '../../core/model/clone.ts';
import { type CloneRequestInput, cloneRequest } from '../../core/model/request.ts';
import type { Account } from '../../core/ports.ts';
import { localClientConfig } from '../../local/standins/server.ts';
import { answerParent } from './messages.ts';
import { type Usage, usageNow } from './usage.ts';

/** Where the engine finds what it stands on. */
export interface EngineStart {
  sandboxUrl: string;
  /** The table; absent: ledger and clones are kept in this process's memory. */
  tableUrl?: string | undefined;
  /** Lease calls from a bucket in the table, with other workers. */
  shared?: boolean | undefined;
  /** Believe in a bucket without bottom. */
  unlimited?: boolean | undefined;
}

/** A clone as the engine alone carried it out. */
export interface EngineRun {
  state: CloneState;
  wallMs: number;
  before: Usage;
  after: Usage;
  /** Requests to the table. */
  tableCalls: number;
}

const TOKENS: Record<string, string> = { blueprint: 'source-token', tenant: 'tenant-token' };

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const engine = createCloneEngine();
let ports: ClonePorts | undefined;
let tableCalls = 0;
let clones = 0;

function start({ sandboxUrl, tableUrl, unlimited, shared }: EngineStart): void {
  const clock = systemClock;
  const { exchange } = createHttpExchange();
  const records = tableUrl === undefined ? undefined : createRecordStore(storageAt(tableUrl));
  const gates = new GateRegistry({
    clock,
    ...(unlimited ? { bucket: { size: 1e9, rate: 1e9 } } : {}),
    ...(shared && records
      ? { lease: (name) => createRateLease({ records, clock, accountKey: async () => name }) }
      : {}),
  });
  const open = async (name: string, { rateShare }: { rateShare: number }): Promise<Account> =>
    openAccount({
      name,
      region: 'us',
      baseUrl: sandboxUrl,
      allowLoopbackHttp: true,
      token: TOKENS[name] ?? '',
      gate: gates.gate(name),
      rateShare,
      clock,
      exchange,
    });
  ports = { accounts: { open }, ...storesAt(tableUrl), clock, log: silent };
}

function storesAt(tableUrl: string | undefined) {
  const clock = systemClock;
  if (tableUrl === undefined) {
    return {
      ledger: createMemoryLedger({ clock }),
      clones: createMemoryCloneStore({ clock }),
      bindings: createMemoryBindingStore(),
    };
  }
  const storage = storageAt(tableUrl);
  return {
    ledger: createLedger(storage),
    clones: createCloneStore(storage),
    bindings: createBindingStore(storage),
  };
}

function storageAt(tableUrl: string) {
  const client = new DynamoDBClient(localClientConfig(tableUrl));
  client.middlewareStack.remove('loggerMiddleware');
  client.middlewareStack.add(
    (next) => (input) => {
      tableCalls += 1;
      return next(input);
    },
    { step: 'initialize' },
  );
  return { client, tableName: 'flowferry', clock: systemClock };
}

async function clone(input: CloneRequestInput): Promise<EngineRun> {
  if (ports === undefined) throw new Error('the engine was not started');
  globalThis.gc?.();
  const before = usageNow();
  const calls = tableCalls;
  const began = performance.now();
  clones += 1;
  const cloneId = `clone-${process.pid}-${clones}`;
  const createdAt = new Date().toISOString();
  const record = engine.newCloneRecord({
    cloneId,
    keyId: 'bench',
    request: cloneRequest.parse(input),
    createdAt,
  });
  await ports.clones.create(record);
  for (;;) {
    const result = await engine.advance(ports, cloneId, 600_000);
    if (result.next === 'stop') break;
  }
  const ended = await ports.clones.get(cloneId);
  if (ended === undefined) throw new Error('the clone is gone');
  const wallMs = performance.now() - began;
  const { actions: _, idMap: __, flows: ___, ...state } = ended.state;
  return { state, wallMs, before, after: usageNow(), tableCalls: tableCalls - calls };
}

async function plan(input: CloneRequestInput): Promise<{ cpuMs: number; wallMs: number; peakMb: number }> {
  if (ports === undefined) throw new Error('the engine was not started');
  globalThis.gc?.();
  const before = usageNow();
  const began = performance.now();
  await engine.planOnly(ports, cloneRequest.parse(input));
  const after = usageNow();
  return { cpuMs: after.cpuMs - before.cpuMs, wallMs: performance.now() - began, peakMb: after.peakMb };
}

answerParent({ start, clone, plan, usage: usageNow });
