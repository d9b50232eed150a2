import { startChild } from '../processes/child.ts';
import type { SyncServiceStart } from '../processes/sync-service.ts';
import type { Asked, TenantsStart } from '../processes/tenants.ts';
import type { Usage } from '../processes/usage.ts';
import { accountOf, SOURCE } from '../tenants.ts';
import { type Api, type Outcome, openApi } from './sync-api.ts';
import { check } from './sync-checks.ts';

/** How large the world of the sync is. */
export interface SyncSizes {
  flows: number;
  tenants: number;
  concurrency: number;
  latencyMs: number;
  /** How many tenants more are cloned to one after the other, without a sync, to compare with; may be 0. */
  separate: number;
}

/** One round, measured. */
export interface Round {
  name: string;
  wallMs: number;
  /** Processor time of the process that holds the service and all its workers. */
  cpuMs: number;
  source: Asked;
  /** All targets together. */
  targets: Asked;
  /** How many targets ended in which way. */
  counts: Record<string, number>;
  /** What the failed targets say of themselves. */
  errors: string[];
  /** The same by one `POST /clone` a tenant, reckoned from those made; absent where none was. */
  separate?: { wallMs: number; calls: number } | undefined;
}

/** What the sync of one world came to. */
export interface SyncResult {
  sizes: SyncSizes;
  objects: number;
  rounds: Round[];
  peakMb: number;
}

const ONE_PERCENT = 0.01;
const OWN_EDITS = 5;
const CHANGED = 'Changed since.';

/** Brings one blueprint into many tenants, in the rounds of an ordinary life, and checks what each round left. */
export async function measureSync(
  sizes: SyncSizes,
  told: (round: Round) => void = () => undefined,
): Promise<SyncResult> {
  const table = startChild('table.ts');
  const world = startChild('tenants.ts');
  const service = startChild('sync-service.ts');
  try {
    const { flows, tenants, separate, latencyMs } = sizes;
    const all = Array.from({ length: tenants + separate }, (_, number) => accountOf(number));
    const synced = all.slice(0, tenants);
    const apart = all.slice(tenants);
    const start: TenantsStart = { flows, tenants: all.length, latencyMs };
    const [sandboxUrl, tableUrl] = await Promise.all([
      world.ask<string>('start', start),
      table.ask<string>('start'),
    ]);
    const serviceStart: SyncServiceStart = { sandboxUrl, tableUrl, accounts: [SOURCE, ...all] };
    const api = openApi(await service.ask<string>('start', serviceStart));
    await api.put(synced, sizes.concurrency);

    const [before = 0] = await world.ask<number[]>('counts', [synced[0]]);
    const [objects = 0] = await world.ask<number[]>('counts', [SOURCE]);
    // All but the two connections, which are mapped.
    const copies = objects - 2;
    const rounds: Round[] = [];
    const round = async (name: string, alsoApart: boolean): Promise<Outcome> => {
      const apartly = alsoApart ? await cloneApart(api, apart, world, tenants) : undefined;
      await world.ask('reset');
      const used = await service.ask<Usage>('usage');
      const outcome = await api.run();
      const { cpuMs } = await service.ask<Usage>('usage');
      const [source, ...targets] = await world.ask<Asked[]>('asked', [SOURCE, ...synced]);
      if (source === undefined) throw new Error('the source was asked nothing');
      const measured: Round = {
        name,
        wallMs: outcome.wallMs,
        cpuMs: cpuMs - used.cpuMs,
        source,
        targets: sum(targets),
        counts: outcome.counts,
        errors: outcome.errors,
        separate: apartly,
      };
      rounds.push(measured);
      told(measured);
      check(source.repeated === 0, `${name}: the source was asked ${source.repeated} reads twice`);
      check(source.writes === 0, `${name}: the source was written to`);
      return outcome;
    };

    const first = await round('first run', true);
    check(first.counts['changed'] === tenants, `first run: ${JSON.stringify(first)}`);
    const counts = await world.ask<number[]>('counts', synced);
    check(new Set(counts).size === 1 && counts[0] === before + copies, `first run: copies ${counts}`);

    const idle = await round('nothing changed', true);
    check(idle.counts['in-step'] === tenants, `nothing changed: ${JSON.stringify(idle.counts)}`);
    const asked = rounds.at(-1)?.targets;
    // All that is no page is who the account is.
    check(asked?.writes === 0 && asked.reads === 0, `nothing changed: ${JSON.stringify(asked)}`);

    const share = Math.max(1, Math.round(flows * 6 * ONE_PERCENT));
    await world.ask('change', { count: share, text: CHANGED });
    const moved = await round('1 % changed', true);
    check(moved.counts['changed'] === tenants, `1 % changed: ${JSON.stringify(moved.counts)}`);
    const described = await world.ask<number[]>('described', { accounts: synced, text: CHANGED });
    check(
      described.every((one) => one === share),
      `1 % changed: described ${described}`,
    );

    const editing = synced.slice(0, OWN_EDITS);
    await world.ask('editOwn', editing);
    const own = await round("tenants' own edits", false);
    check(own.counts['in-step'] === tenants, `own edits: ${JSON.stringify(own.counts)}`);
    check(own.kept === editing.length, `own edits: kept ${own.kept}`);
    check(rounds.at(-1)?.targets.writes === 0, 'own edits: something was written');

    const stubborn = synced[Math.floor(tenants / 2)] ?? '';
    await world.ask('addFlow');
    await world.ask('refuseFlows', stubborn);
    const partial = await round('one tenant fails', false);
    check(partial.counts['changed'] === tenants - 1, `one fails: ${JSON.stringify(partial.counts)}`);
    check(
      partial.errors.length === 1 && partial.errors[0]?.startsWith(stubborn) === true,
      'one fails: unnamed',
    );
    const after = await world.ask<number[]>('counts', synced);
    const grown = after.map((count, index) => count - (counts[index] ?? 0));
    check(
      grown.every((more, index) => more === (synced[index] === stubborn ? 0 : 6)),
      `one fails: grown by ${grown}`,
    );
    const kept = await world.ask<number[]>('own', editing);
    check(
      kept.every((one) => one === 1),
      `own edits were lost: ${kept}`,
    );

    const { peakMb } = await service.ask<Usage>('usage');
    return { sizes, objects: copies, rounds, peakMb };
  } finally {
    await Promise.all([service.stop(), world.stop(), table.stop()]);
  }
}

/** Clones to some tenants one after the other; what all of them would have taken is reckoned from it. */
async function cloneApart(
  api: Api,
  accounts: readonly string[],
  world: { ask<T>(name: string, value?: unknown): Promise<T> },
  tenants: number,
): Promise<Round['separate']> {
  if (accounts.length === 0) return undefined;
  await world.ask('reset');
  const began = performance.now();
  for (const account of accounts) await api.clone(account);
  const wallMs = performance.now() - began;
  const asked = sum(await world.ask<Asked[]>('asked', [SOURCE, ...accounts]));
  const factor = tenants / accounts.length;
  return { wallMs: wallMs * factor, calls: Math.round(asked.calls * factor) };
}

function sum(several: readonly Asked[]): Asked {
  const total: Asked = { calls: 0, pages: 0, reads: 0, writes: 0, rateLimited: 0, repeated: 0 };
  for (const asked of several) {
    for (const key of Object.keys(total) as (keyof Asked)[]) total[key] += asked[key];
  }
  return total;
}
