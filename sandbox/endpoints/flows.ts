import { stamp } from '../account.ts';
import { COLLECTIONS, type Collection, type Document, isNothing, isObject, objectsAt } from '../documents.ts';
import { fail } from '../errors.ts';
import { named } from '../graph.ts';
import { masked } from '../masks.ts';
import { walkReferences } from '../references.ts';
import type { Ask, Endpoint } from '../router.ts';
import { collectionOf, idOf } from './crud.ts';
import { cancelJobsOf } from './jobs.ts';

/** GET: who uses a document, by collection. */
export const dependencies: Endpoint = (ask) => {
  const { account } = ask;
  const { _id } = account.find(collectionOf(ask), idOf(ask));
  const users: Partial<Record<Collection, object[]>> = {};
  for (const collection of COLLECTIONS) {
    for (const document of account.store(collection).documents()) {
      const paths: string[] = [];
      walkReferences(collection, document, (reference) => {
        if (reference.value === _id) paths.push(reference.field());
      });
      if (paths.length === 0) continue;
      users[collection] ??= [];
      users[collection].push({ id: document._id, name: document['name'], paths, accessLevel: 'owner' });
    }
  }
  return { status: 200, body: users };
};

/** PUT: puts flows into a group of their integration, or takes them out of theirs. */
export const updateFlowGrouping: Endpoint = (ask) => {
  const body = ask.json();
  const ids = isObject(body) ? body['_flowIds'] : undefined;
  if (!isObject(body) || !Array.isArray(ids)) {
    throw fail(422, 'missing_required_field', 'Expected field: _flowIds to be present', '_flowIds');
  }
  const flows = ids.map((id) => ask.account.find('flows', String(id)));
  const group = body['_flowGroupingId'];
  for (const flow of flows) {
    const integration = ask.account.store('integrations').get(String(flow['_integrationId']));
    const own = objectsAt(integration, 'flowGroupings').some((grouping) => grouping['_id'] === group);
    if (!isNothing(group) && !own) {
      throw fail(
        422,
        'flowgrouping_not_belong',
        'The flow group is not of this integration.',
        '_flowGroupingId',
      );
    }
  }
  for (const flow of flows) {
    flow['_flowGroupingId'] = isNothing(group) ? null : group;
    flow['lastModified'] = stamp(flow['lastModified']);
  }
  return { status: 204 };
};

/** PUT: swaps a connection on every step of a flow; what runs is canceled. */
export const replaceFlowConnection: Endpoint = (ask) => {
  const flow = ask.account.find('flows', idOf(ask));
  const body = ask.json();
  const [from, to] = isObject(body) ? [body['_connectionId'], body['_newConnectionId']] : [];
  mustExist(ask, from, '_connectionId');
  mustExist(ask, to, '_newConnectionId');
  for (const collection of ['exports', 'imports'] as const) {
    for (const id of named([{ collection: 'flows', document: flow }], collection)) {
      const step = ask.account.store(collection).get(id);
      if (step && step['_connectionId'] === from) swap(step, to);
    }
  }
  cancelJobsOf(ask, flow._id);
  return { status: 200, body: flow };
};

/** PUT: swaps the connection of one export or import. */
export function replaceStepConnection(collection: 'exports' | 'imports'): Endpoint {
  return (ask) => {
    const step = ask.account.find(collection, idOf(ask));
    const body = ask.json();
    const to = isObject(body) ? body['_newConnectionId'] : undefined;
    mustExist(ask, to, '_newConnectionId');
    swap(step, to);
    return { status: 200, body: masked(collection, step) };
  };
}

function swap(step: Document, connectionId: unknown): void {
  step['_connectionId'] = connectionId;
  step['lastModified'] = stamp(step['lastModified']);
}

function mustExist({ account }: Ask, id: unknown, field: string): void {
  if (typeof id === 'string' && account.store('connections').has(id)) return;
  throw fail(422, 'invalid_ref', 'Connection not found for the given id', field);
}
