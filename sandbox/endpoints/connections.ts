import { isNothing, isObject, objectAt } from '../documents.ts';
import { fail, notFound } from '../errors.ts';
import { masked } from '../masks.ts';
import type { Answer, Endpoint } from '../router.ts';
import { create } from '../write.ts';
import { idOf } from './crud.ts';
import { register } from './integrations.ts';

/** POST of a connection, which may name the integrations to register it with. */
export const addConnection: Endpoint = (ask) => {
  const body = ask.json();
  const wanted = isObject(body) ? body['__integrationIds'] : undefined;
  const ids = isNothing(wanted) ? [] : wanted;
  if (!Array.isArray(ids) || ids.length > 100) {
    throw fail(422, 'invalid_value', 'At most 100 integrations can be named.', '__integrationIds');
  }
  const integrations = ids.map((id) => ask.account.store('integrations').get(String(id)));
  if (integrations.includes(undefined)) throw notFound('Integration');
  const connection = create(ask.account, 'connections', body);
  for (const integration of integrations) if (integration) register(integration, [connection._id]);
  return { status: 201, body: masked('connections', connection) };
};

/** Ping of a stored connection: fails when it is offline, which is told inside a 200. */
export const ping: Endpoint = (ask) => {
  return pingAnswer(ask.account.find('connections', idOf(ask))['offline'] === true);
};

/** Ping of a connection that is not stored yet. */
export const pingUnsaved: Endpoint = (ask) => {
  const body = ask.json();
  if (!isObject(body)) throw fail(422, 'invalid_request', 'The body must be a JSON object.');
  return pingAnswer(body['offline'] === true);
};

/**
 * Whether the bundle or package is installed in the connected system. It is, unless the stored connection
 * says otherwise; only a load or an edit can make it say so.
 */
export const distributed: Endpoint = (ask) => {
  const connection = ask.account.find('connections', idOf(ask));
  const missing =
    objectAt(connection, 'netsuite')['suiteAppInstalled'] === false ||
    objectAt(connection, 'salesforce')['packageInstalled'] === false;
  return { status: 200, body: { success: !missing && connection['offline'] !== true } };
};

/** Where a person authorises an OAuth connection. */
export const authorize: Endpoint = (ask) => {
  const { _id } = ask.account.find('connections', idOf(ask));
  return { status: 200, body: { authorizationURL: `https://integrator.io/connection/${_id}/oauth2` } };
};

function pingAnswer(offline: boolean): Answer {
  if (!offline) return { status: 200, body: { code: 200 } };
  const errors = [{ code: '401', message: 'The connection is offline: its credentials were refused.' }];
  return { status: 200, body: { code: 401, errors } };
}
