import { accountsHandler } from './accounts/handler.ts';
import { cloneHandler } from './clone/handler.ts';
import { clonesHandler } from './clones/handler.ts';
import type { HttpHandler } from './http/service.ts';
import { metaHandler } from './meta/handler.ts';
import type { ServicePorts } from './ports.ts';
import type { HttpFunctionName } from './routes.ts';
import { syncsHandler } from './syncs/handler.ts';
import { webhooksHandler } from './webhooks/handler.ts';

/** Every HTTP function over one set of ports, by name: what a host needs that serves them in one process. */
export function httpHandlers(ports: ServicePorts): Record<HttpFunctionName, HttpHandler> {
  return {
    clone: cloneHandler(ports),
    clones: clonesHandler(ports),
    accounts: accountsHandler(ports),
    webhooks: webhooksHandler(ports),
    syncs: syncsHandler(ports),
    meta: metaHandler(ports),
  };
}
