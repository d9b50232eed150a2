import { codeOf, FlowferryError, isOwnTrouble } from '../model/problem.ts';
import type { ApplyContext } from './context.ts';
import { underLease } from './lease.ts';

/** integrator.io said no, and would say it again. */
const REFUSALS: ReadonlySet<string> = new Set(['refused', 'not_found']);

/** Carries out a registration of the plan. */
export async function register(context: ApplyContext, position: number): Promise<void> {
  const { work, account } = context;
  const registration = work.plan.registrations[position];
  if (registration === undefined) throw new RangeError(`The plan has no registration ${position}.`);
  const { integration } = registration;
  const integrationId = integration === undefined ? registration.targetId : work.targetIdOf(integration);
  if (integrationId === undefined)
    throw new FlowferryError('order_broken', 'The integration should exist by now.');
  const connections = registration.connections.flatMap((sourceId) => work.targetId(sourceId) ?? []);
  // An integration that was changed since it was made may not be found by what was sent to make it.
  await context.recorder.recorded();
  try {
    await account.registerConnections(integrationId, [...new Set(connections)], underLease(context));
  } catch (error) {
    // The flows work without it: an integration that takes no registrations is no reason to undo the clone.
    if (!REFUSALS.has(codeOf(error))) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    context.warn({
      code: 'connections_not_registered',
      message: `The connections of integration ${integrationId} could not be registered on it: ${reason}`,
      type: 'integration',
    });
  }
}

/**
 * Takes back the registrations on integrations that were there before, as a clone that undoes itself must. What
 * integrator.io refuses stays: a registration too many changes nothing.
 */
export async function deregister(context: ApplyContext): Promise<void> {
  const { work, account } = context;
  for (const { integration, targetId, connections } of work.plan.registrations) {
    const isMade = integration !== undefined && work.action(integration).action === 'create';
    const integrationId = integration === undefined ? targetId : work.targetIdOf(integration);
    if (isMade || integrationId === undefined) continue;
    for (const connectionId of connections.flatMap((sourceId) => work.targetId(sourceId) ?? [])) {
      try {
        await account.deregisterConnection(integrationId, connectionId, underLease(context));
      } catch (error) {
        if (isOwnTrouble(error)) throw error;
        // Where integrator.io is out of reach, the rest need not be tried.
        if (!REFUSALS.has(codeOf(error))) return;
      }
    }
  }
}
