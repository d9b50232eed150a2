import type { Clock, Log } from '../../core/ports.ts';
import { openApiDocument } from '../http/openapi.ts';
import { json } from '../http/reply.ts';
import { type HttpHandler, serve } from '../http/service.ts';

/** What needs no key: whether we live, and what can be asked. Every route that nothing else serves ends here, too. */
export function metaHandler(ports: { log: Log; clock: Clock }): HttpHandler {
  const document = openApiDocument();
  return serve(ports, {
    'GET /health': { open: true, handle: async () => json(200, { status: 'ok' }) },
    'GET /openapi.json': { open: true, handle: async () => json(200, document) },
  });
}
