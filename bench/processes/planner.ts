import { systemClock } from '../../adapters/integrator/index.ts';
import { createMemoryLedger } from '../../adapters/memory/index.ts';
import { cloneRequest } from '../../core/model/request.ts';
import { makePlan } from '../../core/plan/make.ts';
import { readSource } from '../../core/read/source.ts';
import { readTarget } from '../../core/read/target.ts';
import { type Layout, sourceDocuments, targetDocuments } from '../blueprint.ts';
import { accountOver } from '../documents-account.ts';
import { answerParent } from './messages.ts';
import { usageNow } from './usage.ts';

async function plan({ flows, layout }: { flows: number; layout: Layout }) {
  const source = accountOver('blueprint', sourceDocuments(flows));
  const target = accountOver('tenant', targetDocuments());
  const request = cloneRequest.parse({
    source: { account: 'blueprint', integrationIds: [layout.sourceIntegrationId] },
    target: { account: 'tenant', integrationId: layout.targetIntegrationId },
    connectionMap: layout.connectionMap,
  });
  const pair = { source: 'us:blueprint', target: 'us:tenant' };
  const ledger = createMemoryLedger({ clock: systemClock });
  globalThis.gc?.();
  const began = usageNow().cpuMs;
  const closure = await readSource(source, request, async () => new Map());
  const held = await readTarget(target, ledger, pair, request, closure);
  const read = usageNow().cpuMs;
  const { plan: made } = makePlan(
    {
      pair,
      request,
      source: closure,
      target: held,
      applied: new Map(),
      strays: new Set(),
      packages: new Map(),
    },
    {
      read: { source: source.stats(), target: target.stats() },
      pace: { source, target },
    },
  );
  if (made.counts.create !== flows * 6) throw new Error('the plan is not whole');
  return { readCpuMs: read - began, planCpuMs: usageNow().cpuMs - read };
}

answerParent({ plan });
