import { runRequest, syncBody } from '../../core/model/sync.ts';
import { type HttpHandler, serve } from '../http/service.ts';
import { deleteSync, getSync, listSyncs, putSync } from './manage.ts';
import type { SyncsPorts } from './ports.ts';
import { cancelRun, getRun, listRuns, startRun } from './runs.ts';

/** Syncs: to put and look at, to run, and to see what their runs did. */
export function syncsHandler(ports: SyncsPorts): HttpHandler {
  return serve(ports, {
    'PUT /syncs/{sync}': { admin: true, schema: syncBody, handle: (call) => putSync(ports, call) },
    'GET /syncs/{sync}': { handle: (call) => getSync(ports, call) },
    'GET /syncs': { handle: (call) => listSyncs(ports, call) },
    'DELETE /syncs/{sync}': { admin: true, handle: (call) => deleteSync(ports, call) },
    // Who may clone between these accounts may have them synced: what a run may do, the sync says.
    'POST /syncs/{sync}/run': {
      schema: runRequest,
      bodyOptional: true,
      handle: (call) => startRun(ports, call),
    },
    'GET /syncs/{sync}/runs': { handle: (call) => listRuns(ports, call) },
    'GET /syncs/{sync}/runs/{runId}': { handle: (call) => getRun(ports, call) },
    'POST /syncs/{sync}/runs/{runId}/cancel': { handle: (call) => cancelRun(ports, call) },
  });
}
