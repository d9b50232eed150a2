import type { Account } from '../account.ts';
import { type CloneRequest, cloneSet, copy, readConnectionMap } from '../clone.ts';
import { type Document, type Fields, isNothing, isObject, MODEL, objectsAt } from '../documents.ts';
import { fail } from '../errors.ts';
import { type Node, named } from '../graph.ts';
import { isObjectId } from '../ids.ts';
import { masked } from '../masks.ts';
import type { Ask, Endpoint } from '../router.ts';
import { create } from '../write.ts';
import { idOf } from './crud.ts';
import { register } from './integrations.ts';

type Cloned = 'flows' | 'exports' | 'imports' | 'integrations';

/** GET: every document that a clone would copy, and the connections it asks for. */
export function previewClone(collection: Cloned): Endpoint {
  return (ask) => {
    const { account } = ask;
    const nodes = cloneSet(account, rootsOf(account, collection, idOf(ask)));
    const connections = [...named(nodes, 'connections')].flatMap((id): Node[] => {
      const document = account.store('connections').get(id);
      return document ? [{ collection: 'connections', document }] : [];
    });
    const objects = [...nodes, ...connections].map((node) => ({
      model: MODEL[node.collection],
      doc: masked(node.collection, node.document),
    }));
    const stackId = [...named(nodes, 'stacks')][0] ?? null;
    return { status: 200, body: { objects, stackRequired: stackId !== null, _stackId: stackId } };
  };
}

/** POST: clones a flow into an integration; answers with a manifest. */
export const cloneFlow: Endpoint = (ask) => {
  const { account } = ask;
  const roots = rootsOf(account, 'flows', idOf(ask));
  refuseManaged(roots);
  const body = bodyOf(ask);
  const integrationId = body['_integrationId'];
  if (!isNothing(integrationId) && !isObjectId(integrationId)) {
    throw fail(400, 'invalid_ref', 'Please provide a valid _integrationId.', '_integrationId');
  }
  const integration = account.store('integrations').get(String(integrationId));
  if (!integration) {
    throw fail(422, 'invalid_ref', 'Integration not found for the given id', '_integrationId');
  }
  const nodes = cloneSet(account, roots);
  const connectionMap = readConnectionMap(account, nodes, body['connectionMap'], true);
  const group = body['_flowGroupingId'];
  const known = objectsAt(integration, 'flowGroupings').some((grouping) => grouping['_id'] === group);
  const copies = copy(account, nodes, connectionMap, {
    ...requestOf(body),
    integrationId: integration._id,
    flowGroupingId: known ? group : null,
  });
  register(integration, [...named(copies, 'connections')]);
  return { status: 201, body: manifest(copies) };
};

/** POST: clones an export or import; answers with the copy itself. */
export function cloneStep(collection: 'exports' | 'imports'): Endpoint {
  return (ask) => {
    const { account } = ask;
    const body = bodyOf(ask);
    const nodes = cloneSet(account, rootsOf(account, collection, idOf(ask)));
    const connectionMap = readConnectionMap(account, nodes, body['connectionMap'], false);
    const [root] = copy(account, nodes, connectionMap, requestOf(body));
    return { status: 201, body: masked(collection, (root as Node).document) };
  };
}

/** POST: clones an integration with all its flows; with the new installer only its shell. */
export const cloneIntegration: Endpoint = (ask) => {
  const { account } = ask;
  const roots = rootsOf(account, 'integrations', idOf(ask));
  refuseManaged(roots);
  const source = (roots[0] as Node).document;
  for (const api of account.store('apis').documents()) {
    if (api['_integrationId'] === source._id)
      throw fail(422, 'not_supported', 'Integrations with APIs can not be cloned.');
  }
  const body = bodyOf(ask);
  if (body['newTemplateInstaller'] === true) {
    const shell = create(account, 'integrations', { name: requestOf(body).name ?? source['name'] });
    shell['mode'] = 'install';
    shell['_sourceId'] = source._id;
    return { status: 201, body: { _integrationId: shell._id } };
  }
  const nodes = cloneSet(account, roots);
  const connectionMap = readConnectionMap(account, nodes, body['connectionMap'], true);
  const copies = copy(account, nodes, connectionMap, requestOf(body));
  register((copies[0] as Node).document, [...named(copies, 'connections')]);
  return { status: 201, body: manifest(copies) };
};

function rootsOf(account: Account, collection: Cloned, id: string): Node[] {
  const roots: Node[] = [{ collection, document: account.find(collection, id) }];
  if (collection !== 'integrations') return roots;
  for (const document of account.store('flows').documents()) {
    if (document['_integrationId'] === id) roots.push({ collection: 'flows', document });
  }
  return roots;
}

function refuseManaged(nodes: readonly Node[]): void {
  if (nodes.some(({ document }) => !isNothing(document['_connectorId']))) {
    throw fail(422, 'not_allowed', 'What belongs to an integration app can not be cloned.');
  }
}

function bodyOf(ask: Ask): Fields {
  const body = ask.json() ?? {};
  if (isObject(body)) return body;
  throw fail(422, 'invalid_request', 'The body must be a JSON object.');
}

function requestOf(body: Fields): CloneRequest {
  const name = body['name'];
  return typeof name === 'string' && name !== '' ? { name } : {};
}

function manifest(copies: readonly Node[]): { model: string; _id: string; name: unknown }[] {
  return copies.map(({ collection, document }: { collection: Node['collection']; document: Document }) => ({
    model: MODEL[collection],
    _id: document._id,
    name: document['name'],
  }));
}
