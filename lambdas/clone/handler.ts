import { hashOf } from '../../core/model/canonical.ts';
import { type CloneRequest, cloneRequest } from '../../core/model/request.ts';
import type { Json } from '../../core/model/resource.ts';
import { type Call, callerOf, type Reply } from '../http/call.ts';
import { checkAccounts } from '../http/permission.ts';
import { json } from '../http/reply.ts';
import { type HttpHandler, serve } from '../http/service.ts';
import { checkAccountsExist } from './accounts.ts';
import { placeOrder } from './door.ts';
import type { CloneDoorPorts } from './ports.ts';
import { prefersAsync } from './prefer.ts';
import { requestProblems } from './request-problems.ts';

/** `POST /clone`. */
export function cloneHandler(ports: CloneDoorPorts): HttpHandler {
  return serve(ports, {
    'POST /clone': {
      schema: cloneRequest,
      findProblems: (event, input) =>
        requestProblems(event, input as CloneRequest | undefined, ports.settings),
      handle: (call) => clone(ports, call),
    },
  });
}

async function clone(ports: CloneDoorPorts, call: Call): Promise<Reply> {
  const request = call.input as CloneRequest;
  const caller = callerOf(call);
  checkAccounts(caller, request);
  await checkAccountsExist(ports.accounts, request);
  if (request.dryRun) return json(200, await ports.engine.planOnly({ ...ports, log: call.log }, request));
  const { headers } = call.event;
  return placeOrder(ports, {
    keyId: caller.id,
    requestId: call.requestId,
    request,
    bodyHash: hashOf(call.body as Json),
    idempotencyKey: headers['idempotency-key'],
    respondAsync: prefersAsync(headers['prefer']),
  });
}
