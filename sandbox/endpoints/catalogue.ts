import { fail } from '../errors.ts';
import type { Endpoint } from '../router.ts';
import { HTTP_CONNECTORS } from '../seed/catalogue.ts';
import { idOf } from './crud.ts';

/** GET of the connector catalogue, which is the same in every account. */
export const listConnectors: Endpoint = () => ({ status: 200, body: HTTP_CONNECTORS });

/** GET of one connector. */
export const readConnector: Endpoint = (ask) => {
  const connector = HTTP_CONNECTORS.find(({ _id }) => _id === idOf(ask));
  if (!connector) throw fail(404, 'resource_not_found', 'No such connector.');
  return { status: 200, body: connector };
};

/** GET: whose token this is. */
export const tokenInfo: Endpoint = (ask) => ({
  status: 200,
  body: { _userId: ask.account.userId, scope: '*' },
});
