import type { CloneState } from '../../core/model/clone.ts';
import { accountName } from '../../core/model/request.ts';
import type { CloneRecord } from '../../core/ports.ts';
import { type Call, callerOf, type Reply } from '../http/call.ts';
import { checkAccount, maySee } from '../http/permission.ts';
import { pageOf, required, wrong } from '../http/query.ts';
import { json } from '../http/reply.ts';
import { type HttpHandler, serve } from '../http/service.ts';
import { cancel, resume, rollback } from './control.ts';
import type { ClonesPorts } from './ports.ts';
import { visibleClone } from './visible.ts';

/** All that is asked of clones that exist already. */
export function clonesHandler(ports: ClonesPorts): HttpHandler {
  const one = (handle: (ports: ClonesPorts, record: CloneRecord, call: Call) => Promise<Reply>) => ({
    handle: async (call: Call) => handle(ports, await visibleClone(ports, call), call),
  });
  return serve(ports, {
    'GET /clones': { handle: (call) => list(ports, call) },
    'GET /clones/{cloneId}': one(async (_, record) => json(200, await ports.engine.reportOf(ports, record))),
    'GET /clones/{cloneId}/actions': one(actions),
    'POST /clones/{cloneId}/resume': one(resume),
    'POST /clones/{cloneId}/cancel': one(cancel),
    'POST /clones/{cloneId}/rollback': one(rollback),
  });
}

async function actions(ports: ClonesPorts, record: CloneRecord, call: Call): Promise<Reply> {
  return json(200, await ports.engine.actionsPage(ports, record, pageOf(call.event, 1000)));
}

/** A page may hold fewer clones than asked for: those whose source the key may not use are left out of it. */
async function list(ports: ClonesPorts, call: Call): Promise<Reply> {
  const key = callerOf(call);
  const target = required(call.event, 'target');
  const page = pageOf(call.event, 100);
  checkAccount(key, target);
  // What is no name might be longer than a key of the table can be.
  if (!accountName.safeParse(target).success) throw wrong('target', 'must be the name of an account');
  const { records, next } = await ports.clones.listByTarget(target, page);
  return json(200, { clones: records.filter((record) => maySee(key, record)).map(stateOf), next });
}

function stateOf({ state }: CloneRecord): CloneState {
  const { actions: _actions, idMap: _idMap, flows: _flows, next: _next, ...rest } = state;
  return rest;
}
