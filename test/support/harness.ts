import { GateRegistry, openAccount, systemClock } from '../../adapters/integrator/index.ts';
import {
  createMemoryBindingStore,
  createMemoryCloneStore,
  createMemoryLedger,
} from '../../adapters/memory/index.ts';
import { type CloneEngine, type ClonePorts, createCloneEngine } from '../../core/clone/index.ts';
import type { CloneState } from '../../core/model/clone.ts';
import { type CloneRequestInput, cloneRequest } from '../../core/model/request.ts';
import type { Clock, CloneRecord, Ledger, Log } from '../../core/ports.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/index.ts';

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The engine over a sandbox and stores in memory, as a host would compose it. */
export interface Harness extends AsyncDisposable {
  sandbox: Sandbox;
  engine: CloneEngine;
  ports: ClonePorts;
  /** Stores a clone that nobody carries on yet; answers its id. */
  order(request: CloneRequestInput, more?: Partial<CloneRecord>): Promise<string>;
  /** Carries a clone that was ordered through to its end and answers its whole state. */
  finish(cloneId: string): Promise<CloneState>;
  /** The whole state of a clone as it is stored. */
  stateOf(cloneId: string): Promise<CloneState>;
  /** Orders a clone and finishes it. */
  clone(request: CloneRequestInput): Promise<CloneState>;
  plan(request: CloneRequestInput): Promise<CloneState>;
  /** Goes on with a clone that ended before its end, as a new attempt. */
  resume(cloneId: string): Promise<CloneState>;
  /** Undoes a clone that has ended, as a new attempt. */
  rollback(cloneId: string): Promise<CloneState>;
  close(): Promise<void>;
}

export interface HarnessSettings {
  adoptionWaitMs?: number;
  /** The engine's time; the accounts' calls keep to the system's. */
  clock?: Clock;
  ledger?: Ledger;
}

export async function startHarness(
  options: SandboxOptions = {},
  { clock = systemClock, ledger, ...settings }: HarnessSettings = {},
): Promise<Harness> {
  const sandbox = await startSandbox({ bucket: 'unlimited', jobMs: 5, ...options });
  const gates = new GateRegistry({ clock: systemClock });
  const ports: ClonePorts = {
    accounts: {
      open: async (name, { rateShare }) => {
        const account = sandbox.accounts().find((one) => one.name === name);
        if (!account) throw Object.assign(new Error('unknown'), { code: 'account_not_found' });
        return openAccount({
          name,
          region: 'us',
          baseUrl: sandbox.url,
          allowLoopbackHttp: true,
          token: async () => account.token,
          gate: gates.gate(name),
          rateShare,
        });
      },
    },
    ledger: ledger ?? createMemoryLedger({ clock, takeOverMs: 5 }),
    clones: createMemoryCloneStore({ clock }),
    bindings: createMemoryBindingStore(),
    clock,
    log: silent,
  };
  const engine = createCloneEngine({ adoptionWaitMs: 20, ...settings });
  let count = 0;
  const order: Harness['order'] = async (request, more = {}) => {
    count += 1;
    const cloneId = `clone-${count}`;
    const createdAt = new Date(clock.now()).toISOString();
    const parsed = cloneRequest.parse(request);
    const record = engine.newCloneRecord({ cloneId, keyId: 'test', request: parsed, createdAt });
    await ports.clones.create({ ...record, ...more });
    return cloneId;
  };
  const recordOf = async (cloneId: string): Promise<CloneRecord> => {
    const record = await ports.clones.get(cloneId);
    if (!record) throw new Error('the clone is gone');
    return record;
  };
  const stateOf = async (cloneId: string) => engine.reportOf(ports, await recordOf(cloneId));
  const finish: Harness['finish'] = async (cloneId) => {
    while ((await engine.advance(ports, cloneId, 60_000)).next !== 'stop');
    return stateOf(cloneId);
  };
  const resume: Harness['resume'] = async (cloneId) => {
    const record = await recordOf(cloneId);
    const state: CloneState = { ...record.state, status: 'running', errors: [] };
    await ports.clones.save({ ...record, status: 'running', attempt: record.attempt + 1, state });
    return finish(cloneId);
  };
  return {
    sandbox,
    engine,
    ports,
    plan: (request) => engine.planOnly(ports, cloneRequest.parse(request)),
    order,
    finish,
    stateOf,
    clone: async (request) => finish(await order(request)),
    resume,
    rollback: async (cloneId) => {
      await ports.clones.wish(cloneId, 'rollback');
      return resume(cloneId);
    },
    close: () => sandbox.close(),
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}
