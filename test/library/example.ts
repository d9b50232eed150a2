import { randomUUID } from 'node:crypto';
import { type ClonePorts, type CloneState, cloneRequest, createCloneEngine } from 'flowferry';
import { GateRegistry, openAccount, systemClock } from 'flowferry/integrator';
import { createMemoryBindingStore, createMemoryCloneStore, createMemoryLedger } from 'flowferry/memory';

const clock = systemClock;
const gates = new GateRegistry({ clock });
const quiet = () => undefined;

/** The accounts by the names that requests use. */
const accounts: Record<string, { token: string; baseUrl?: string }> = JSON.parse(
  process.env['ACCOUNTS'] ?? '{}',
);

const ports: ClonePorts = {
  accounts: {
    open: async (name, { rateShare }) => {
      const { token = '', baseUrl } = accounts[name] ?? {};
      // One gate an account: all who call it share its rate limit.
      return openAccount({
        name,
        token,
        baseUrl,
        allowLoopbackHttp: true,
        rateShare,
        gate: gates.gate(name),
      });
    },
  },
  ledger: createMemoryLedger({ clock }),
  clones: createMemoryCloneStore({ clock }),
  bindings: createMemoryBindingStore(),
  clock,
  log: { info: quiet, warn: quiet, error: quiet },
};

const engine = createCloneEngine();

const request = cloneRequest.parse({
  source: { account: 'blueprint', flowIds: ['55ea78c6b751843c37b7b367'] },
  target: { account: 'acme' },
  connections: 'match-name',
});

// What would happen. Throws a RefusedError with every blocker where nothing could.
const planned = await engine.planOnly(ports, request);
console.log(`${planned.plan?.counts.create} to create`);

// The clone: stored first, then carried on piece by piece, by any process that has the same ports.
const cloneId = randomUUID();
const createdAt = new Date(clock.now()).toISOString();
await ports.clones.create(engine.newCloneRecord({ cloneId, keyId: 'my-program', request, createdAt }));

for (;;) {
  const advance = await engine.advance(ports, cloneId, 60_000);
  if (advance.next === 'stop') break;
  if (advance.next === 'later') await clock.sleep(advance.seconds * 1000);
}

const record = await ports.clones.get(cloneId);
if (record === undefined) throw new Error('the store has lost the clone');
const state: CloneState = await engine.reportOf(ports, record);
console.log(`${state.status}: ${Object.keys(state.idMap ?? {}).length} ids mapped`);
