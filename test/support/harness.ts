import { GateRegistry, openAccount, systemClock } from '../../adapters/integrator/index.ts';
import {
  createMemoryBindingStore,
  createMemoryCloneStore,
  createMemoryLedger,
} from '../../adapters/memory/index.ts';
import { type CloneEngine, type ClonePorts, createCloneEngine } from '../../core/clone/index.ts';
import type { CloneState } from '../../core/model/clone.ts';
import { type CloneRequestInput, cloneRequest } from '../../core/model/request.ts';
import type { Log } from '../../core/ports.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/index.ts';

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The engine over a sandbox and stores in memory, as a host would compose it. */
export interface Harness {
  sandbox: Sandbox;
  engine: CloneEngine;
  ports: ClonePorts;
  /** Carries a clone through to its end and answers its whole state. */
  clone(request: CloneRequestInput): Promise<CloneState>;
  plan(request: CloneRequestInput): Promise<CloneState>;
  /** Goes on with a clone that ended before its end, as a new attempt. */
  resume(cloneId: string): Promise<CloneState>;
  close(): Promise<void>;
}

export async function startHarness(
  options: SandboxOptions = {},
  settings: { adoptionWaitMs?: number } = {},
): Promise<Harness> {
  const sandbox = await startSandbox({ bucket: 'unlimited', jobMs: 5, ...options });
  const clock = systemClock;
  const gates = new GateRegistry({ clock });
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
    ledger: createMemoryLedger({ clock, takeOverMs: 5 }),
    clones: createMemoryCloneStore({ clock }),
    bindings: createMemoryBindingStore(),
    clock,
    log: silent,
  };
  const engine = createCloneEngine({ adoptionWaitMs: 20, ...settings });
  let count = 0;
  const carryThrough = async (cloneId: string): Promise<CloneState> => {
    for (;;) {
      const result = await engine.advance(ports, cloneId, 60_000);
      if (result.next === 'stop') break;
    }
    const record = await ports.clones.get(cloneId);
    if (!record) throw new Error('the clone is gone');
    return engine.reportOf(ports, record);
  };
  return {
    sandbox,
    engine,
    ports,
    plan: (request) => engine.planOnly(ports, cloneRequest.parse(request)),
    clone: async (request) => {
      count += 1;
      const cloneId = `clone-${count}`;
      const createdAt = new Date(clock.now()).toISOString();
      await ports.clones.create(
        engine.newCloneRecord({ cloneId, keyId: 'test', request: cloneRequest.parse(request), createdAt }),
      );
      return carryThrough(cloneId);
    },
    resume: async (cloneId) => {
      const record = await ports.clones.get(cloneId);
      if (!record) throw new Error('the clone is gone');
      const state: CloneState = { ...record.state, status: 'running', errors: [] };
      await ports.clones.save({ ...record, status: 'running', attempt: record.attempt + 1, state });
      return carryThrough(cloneId);
    },
    close: () => sandbox.close(),
  };
}
