import { createHttpExchange, Gate, openAccount, systemClock } from '../../adapters/integrator/index.ts';
import type { JsonObject, ResourceType } from '../../core/model/resource.ts';
import type { Account } from '../../core/ports.ts';
import { layoutOf } from '../blueprint.ts';
import { answerParent } from './messages.ts';

/** How a peer paces its calls. */
export interface Policy {
  atOnce: number;
  perSecond?: number | undefined;
  /** All objects of a type are made before the first of the next. */
  barrier?: boolean | undefined;
}

type Step = { type: ResourceType; id: string; body: JsonObject };

/** Clones object by object, as the peers do: one read and one write each, over the same client. */
async function run(input: { sandboxUrl: string; flows: number; policy: Policy }): Promise<number> {
  const { sandboxUrl, flows, policy } = input;
  const { exchange } = createHttpExchange();
  const { atOnce, perSecond, barrier } = policy;
  const bucket = perSecond === undefined ? { size: 1e9, rate: 1e9 } : { size: 1, rate: perSecond / 0.99 };
  // One queue for both accounts, as the peers have.
  const gate = new Gate({ clock: systemClock, bucket, inFlightFloor: atOnce, inFlightCeiling: atOnce });
  const open = (name: string, token: string): Account =>
    openAccount({ name, region: 'us', baseUrl: sandboxUrl, allowLoopbackHttp: true, token, gate, exchange });
  const [source, target] = [open('blueprint', 'source-token'), open('tenant', 'tenant-token')];
  const { flowIds, connectionMap, targetIntegrationId } = layoutOf(flows);
  const ids = new Map(Object.entries(connectionMap));
  const read = async (type: ResourceType, id: string): Promise<Step> => {
    const { _id, lastModified, ...body } = (await source.get(type, id)) ?? { _id: id };
    return { type, id, body };
  };
  const make = async ({ type, id, body }: Step): Promise<void> => {
    const text = JSON.stringify(body).replace(/[0-9a-f]{24}/g, (old) => ids.get(old) ?? old);
    const rewritten = JSON.parse(text) as JsonObject;
    if (type === 'flow') rewritten['_integrationId'] = targetIntegrationId;
    ids.set(id, (await target.create(type, rewritten))._id);
  };
  const stepsOf = async (flowId: string): Promise<Step[][]> => {
    const flow = await read('flow', flowId);
    const ids = JSON.stringify(flow.body);
    const exports = [...ids.matchAll(/"_exportId":"([0-9a-f]{24})"/g)].map(([, id = '']) =>
      read('export', id),
    );
    const imports = [...ids.matchAll(/"_importId":"([0-9a-f]{24})"/g)].map(([, id = '']) =>
      read('import', id),
    );
    const steps = await Promise.all([...exports, ...imports]);
    const scripts = [...JSON.stringify(steps).matchAll(/"_scriptId":"([0-9a-f]{24})"/g)];
    return [await Promise.all(scripts.map(([, id = '']) => read('script', id))), steps, [flow]];
  };
  const began = performance.now();
  const each = async (flowId: string): Promise<void> => {
    for (const tier of await stepsOf(flowId)) await Promise.all(tier.map(make));
  };
  if (atOnce === 1) for (const flowId of flowIds) await each(flowId);
  else if (barrier) {
    const all = await Promise.all(flowIds.map(stepsOf));
    for (const tier of [0, 1, 2]) await Promise.all(all.flatMap((tiers) => (tiers[tier] ?? []).map(make)));
  } else await Promise.all(flowIds.map(each));
  return performance.now() - began;
}

answerParent({ run });
