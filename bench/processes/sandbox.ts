import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/index.ts';
import { sourceDocuments, targetDocuments } from '../blueprint.ts';
import { TENANTS, type Tenant, tokenOf } from '../key.ts';
import { answerParent } from './messages.ts';
import { usageNow } from './usage.ts';

/** What the sandbox's process starts with. */
export interface SandboxStart {
  flows: number;
  latencyMs: number;
  bucket: SandboxOptions['bucket'];
}

/** What one account was asked. */
export interface Asked {
  calls: number;
  rateLimited: number;
  writes: number;
  /** Calls that came in during each second since the first of them. */
  perSecond: number[];
  /** Milliseconds between the first call and the last. */
  spanMs: number;
}

let sandbox: Sandbox | undefined;

function running(): Sandbox {
  if (sandbox === undefined) throw new Error('the sandbox was not started');
  return sandbox;
}

function askedOf(account: string): Asked {
  const { calls, rateLimited, byMethod } = running().stats(account);
  const times = running()
    .calls(account)
    .map(({ at }) => at);
  const first = times[0] ?? 0;
  const perSecond: number[] = [];
  for (const at of times) {
    const second = Math.floor((at - first) / 1000);
    perSecond[second] = (perSecond[second] ?? 0) + 1;
  }
  const writes = calls - (byMethod['GET'] ?? 0);
  return {
    calls,
    rateLimited,
    writes,
    perSecond: Array.from(perSecond, (count) => count ?? 0),
    spanMs: (times.at(-1) ?? first) - first,
  };
}

answerParent({
  usage: usageNow,
  start: async ({ flows, latencyMs, bucket }: SandboxStart) => {
    sandbox = await startSandbox({
      latencyMs,
      bucket,
      accounts: [
        {
          name: 'blueprint',
          token: 'source-token',
          userId: 'user-source',
          documents: sourceDocuments(flows),
        },
        ...TENANTS.map((name) => ({
          name,
          token: tokenOf(name),
          userId: `user-${name}`,
          documents: targetDocuments(),
        })),
      ],
    });
    return sandbox.url;
  },
  asked: (tenant: Tenant = 'tenant') => ({ source: askedOf('blueprint'), target: askedOf(tenant) }),
  calls: () => running().calls(),
  origin: () => performance.timeOrigin,
  reset: () => running().resetCalls(),
  count: (account: string) => running().documents(account).length,
  /** Changes the first `share` of the source's exports, as a person would. */
  change: (share: number) => {
    const exports = running().documents('blueprint', 'exports');
    const changed = exports.slice(0, Math.ceil(exports.length * share));
    for (const { _id } of changed) {
      running().edit('blueprint', 'exports', _id, (document) => {
        document['description'] = 'Changed since.';
      });
    }
    return changed.length;
  },
});
