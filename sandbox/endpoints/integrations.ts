import { stamp } from '../account.ts';
import { type Collection, type Document, isNothing } from '../documents.ts';
import { ApiError, fail, type Problem } from '../errors.ts';
import { type Node, named } from '../graph.ts';
import { masked } from '../masks.ts';
import type { Ask, Endpoint } from '../router.ts';
import { create } from '../write.ts';
import { answerList, idOf } from './crud.ts';

/** Lists within an integration: its flows, and the steps, helpers and connections that belong to it. */
export function scoped(collection: Collection): Endpoint {
  return (ask) => {
    const integration = ask.account.find('integrations', idOf(ask));
    const members = collection === 'flows' ? undefined : membersOf(ask, integration, collection);
    return answerList(
      ask,
      collection,
      (document) => document['_integrationId'] === integration._id || members?.has(document._id) === true,
    );
  };
}

/** PUT of a bare list of connection ids: registers them beside those that are registered. */
export const registerConnections: Endpoint = (ask) => {
  const integration = ownIntegration(ask);
  const ids = ask.json();
  if (!Array.isArray(ids)) throw fail(422, 'invalid_request', 'The body must be a list of connection ids.');
  const problems: Problem[] = [];
  for (const [index, id] of ids.entries()) {
    if (typeof id === 'string' && ask.account.store('connections').has(id)) continue;
    problems.push({
      code: 'invalid_ref',
      message: 'Connection not found for the given id',
      field: `[${index}]`,
    });
  }
  if (problems.length > 0) throw new ApiError(422, problems);
  const registered = register(integration, ids as string[]);
  return { status: 200, body: registered };
};

/** DELETE of one registration. */
export const deregisterConnection: Endpoint = (ask) => {
  const integration = ownIntegration(ask);
  const kept = registrations(integration).filter((id) => id !== ask.params['connectionId']);
  integration['_registeredConnectionIds'] = kept;
  integration['lastModified'] = stamp(integration['lastModified']);
  return { status: 204 };
};

/** POST of a connection that is registered with the integration at once. */
export const addConnection: Endpoint = (ask) => {
  const integration = ownIntegration(ask);
  const connection = create(ask.account, 'connections', ask.json());
  register(integration, [connection._id]);
  return { status: 201, body: masked('connections', connection) };
};

/** Registers connections and tells all that are registered then. */
export function register(integration: Document, ids: readonly string[]): string[] {
  const all = [...new Set([...registrations(integration), ...ids])];
  integration['_registeredConnectionIds'] = all;
  integration['lastModified'] = stamp(integration['lastModified']);
  return all;
}

function registrations(integration: Document): string[] {
  const ids = integration['_registeredConnectionIds'];
  return Array.isArray(ids) ? ids : [];
}

/** The wiring of an integration app is its publisher's. */
function ownIntegration(ask: Ask): Document {
  const integration = ask.account.find('integrations', idOf(ask));
  if (!isNothing(integration['_connectorId'])) {
    throw fail(422, 'not_allowed', 'The integration belongs to an integration app.');
  }
  return integration;
}

function membersOf({ account }: Ask, integration: Document, collection: Collection): Set<string> {
  if (collection === 'connections') return new Set(registrations(integration));
  const flows: Node[] = [];
  for (const document of account.store('flows').documents()) {
    if (document['_integrationId'] === integration._id)
      flows.push({ collection: 'flows' as const, document });
  }
  if (collection !== 'asynchelpers') return named(flows, collection);
  const steps = (['exports', 'imports'] as const).flatMap((kind) =>
    [...named(flows, kind)].flatMap((id) => {
      const document = account.store(kind).get(id);
      return document ? [{ collection: kind, document }] : [];
    }),
  );
  return named(steps, 'asynchelpers');
}
