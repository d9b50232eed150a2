import { setTimeout as sleep } from 'node:timers/promises';
import { layoutOf } from '../blueprint.ts';
import { KEY } from '../key.ts';
import { SOURCE } from '../tenants.ts';

/** What a run of the sync came to. */
export interface Outcome {
  status: string;
  /** From the request to the end that the run itself names. */
  wallMs: number;
  counts: Record<string, number>;
  kept: number;
  errors: string[];
}

/** The service as a caller of it sees it. */
export interface Api {
  put(targets: readonly string[], concurrency: number): Promise<void>;
  run(): Promise<Outcome>;
  clone(account: string): Promise<void>;
}

interface RunAnswer {
  status: string;
  createdAt: string;
  endedAt?: string;
  targets: { account: string; status: string; kept: number; error?: { code: string; message: string } }[];
}

interface CloneAnswer {
  cloneId: string;
  status: string;
}

/** How often a run is looked at, ms: seldom, for the service shares its process with what is measured. */
const LOOK_MS = 500;

const layout = layoutOf(0);
const source = { account: SOURCE, integrationIds: [layout.sourceIntegrationId] };
const { connectionMap } = layout;

/** Speaks to the service behind its gateway. */
export function openApi(url: string): Api {
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'x-api-key': KEY, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 2_000)}`);
    return JSON.parse(text) as T;
  };
  return {
    async put(targets, concurrency) {
      const definition = {
        source,
        targets: targets.map((account) => ({ account, connectionMap })),
        concurrency,
      };
      await call('PUT', '/syncs/bench', definition);
    },
    async run() {
      const { runId } = await call<{ runId: string }>('POST', '/syncs/bench/run', {});
      for (;;) {
        const run = await call<RunAnswer>('GET', `/syncs/bench/runs/${runId}`);
        if (run.status !== 'running') return outcomeOf(run);
        await sleep(LOOK_MS);
      }
    },
    async clone(account) {
      const request = { source, target: { account }, connectionMap };
      let { cloneId, status } = await call<CloneAnswer>('POST', '/clone', request);
      while (status === 'running' || status === 'planned') {
        await sleep(LOOK_MS);
        ({ cloneId, status } = await call<CloneAnswer>('GET', `/clones/${cloneId}`));
      }
      if (status !== 'succeeded') throw new Error(`the clone to ${account} ended as ${status}`);
    },
  };
}

function outcomeOf({ status, createdAt, endedAt = createdAt, targets }: RunAnswer): Outcome {
  const counts: Record<string, number> = {};
  for (const target of targets) counts[target.status] = (counts[target.status] ?? 0) + 1;
  return {
    status,
    wallMs: Date.parse(endedAt) - Date.parse(createdAt),
    counts,
    kept: targets.reduce((total, { kept }) => total + kept, 0),
    errors: targets.flatMap(({ account, error }) =>
      error ? [`${account}: ${error.code}: ${error.message}`] : [],
    ),
  };
}
