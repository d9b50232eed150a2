import { type Layout, layoutOf } from './blueprint.ts';
import { KEY, type Tenant } from './key.ts';
import { type Child, startChild } from './processes/child.ts';
import type { Asked, SandboxStart } from './processes/sandbox.ts';
import type { Usage } from './processes/usage.ts';

/** How integrator.io answers in most scenarios: 50 ms a call, the published bucket. */
export const LATENCY_MS = 50;

/** What both accounts were asked. */
export interface Traffic {
  source: Asked;
  target: Asked;
}

/** One `POST /clone`, from the request to the finished answer. */
export interface CloneRun {
  wallMs: number;
  status: string;
  traffic: Traffic;
}

/** Service, table and integrator.io, each in a process of its own. */
export interface World {
  layout: Layout;
  sandboxUrl: string;
  tableUrl: string;
  sandbox: Child;
  clone(flowIds: readonly string[], options?: object, tenant?: Tenant): Promise<CloneRun>;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

/** Starts integrator.io's double and a table, each in its own process. */
export async function startGround(start: SandboxStart): Promise<{
  sandbox: Child;
  table: Child;
  sandboxUrl: string;
  tableUrl: string;
}> {
  const [sandbox, table] = [startChild('./sandbox.ts'), startChild('./table.ts')];
  const [sandboxUrl, tableUrl] = await Promise.all([
    sandbox.ask<string>('start', start),
    table.ask<string>('start'),
  ]);
  return { sandbox, table, sandboxUrl, tableUrl };
}

/** Starts the whole service as it is deployed. */
export async function startWorld(flows: number): Promise<World> {
  const ground = await startGround({ flows, latencyMs: LATENCY_MS, bucket: undefined });
  const { sandbox, table, sandboxUrl, tableUrl } = ground;
  const service = startChild('./service.ts');
  const url = await service.ask<string>('start', { sandboxUrl, tableUrl });
  const layout = layoutOf(flows);
  return {
    layout,
    sandboxUrl,
    tableUrl,
    sandbox,
    clone: async (flowIds, options = {}, tenant = 'tenant') => {
      await sandbox.ask('reset');
      const request = {
        source: { account: 'blueprint', flowIds },
        target: { account: tenant, integrationId: layout.targetIntegrationId },
        connectionMap: layout.connectionMap,
        ...options,
      };
      const began = performance.now();
      const status = await finished(url, request);
      const wallMs = performance.now() - began;
      return { wallMs, status, traffic: await sandbox.ask<Traffic>('asked', tenant) };
    },
    usage: () => service.ask<Usage>('usage'),
    stop: async () => {
      await Promise.all([sandbox.stop(), table.stop(), service.stop()]);
    },
  };
}

/** Asks for a clone and for its end, as a caller does. */
async function finished(url: string, request: object): Promise<string> {
  const headers = { 'x-api-key': KEY, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/clone`, { method: 'POST', headers, body: JSON.stringify(request) });
  let state = (await answer.json()) as { cloneId?: string; status: string; detail?: string };
  if (answer.status !== 202) return answer.status === 201 ? state.status : `${state.status} ${state.detail}`;
  while (state.status === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 50));
    state = (await (await fetch(`${url}/clones/${state.cloneId}`, { headers })).json()) as typeof state;
  }
  return state.status;
}

/** Waits until integrator.io's buckets are full again. */
export function refill(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 4000));
}
