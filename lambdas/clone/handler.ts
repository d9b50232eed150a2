import { hashOf } from '../../core/model/canonical.ts';
import type { CloneState } from '../../core/model/clone.ts';
import { type CloneRequest, cloneRequest } from '../../core/model/request.ts';
import type { Json } from '../../core/model/resource.ts';
import type { Account, AccountDirectory } from '../../core/ports.ts';
import { type Call, callerOf, type Reply } from '../http/call.ts';
import { checkAccounts } from '../http/permission.ts';
import { ProblemError } from '../http/problem.ts';
import { json } from '../http/reply.ts';
import { type HttpHandler, serve } from '../http/service.ts';
import { whileCallerWaits } from '../patience.ts';
import { checkAccountsExist } from './accounts.ts';
import { placeOrder } from './door.ts';
import type { CloneDoorPorts } from './ports.ts';
import { prefersAsync } from './prefer.ts';
import { requestProblems } from './request-problems.ts';

/** How long a dry run may read and plan, ms: the answer must be there before API Gateway gives up at 30 s. */
const LONGEST_DRY_RUN_MS = 27_000;

/** A call that has gone without an answer for so long is what the plan waits for, ms. */
const SILENT_MS = 10_000;

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
  if (request.dryRun) return json(200, await dryRun(ports, call, request));
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

/** A plan is not kept: of one that takes longer than an answer may, nothing but the reason is told. */
async function dryRun(ports: CloneDoorPorts, call: Call, request: CloneRequest): Promise<CloneState> {
  const answered = new AbortController();
  const tooSlow = ports.clock.sleep(LONGEST_DRY_RUN_MS, answered.signal).then(
    () => undefined,
    () => undefined,
  );
  const opened: Account[] = [];
  const patient = whileCallerWaits(ports.accounts);
  const accounts: AccountDirectory = {
    open: async (...order) => {
      const account = await patient.open(...order);
      opened.push(account);
      return account;
    },
  };
  const planning = ports.engine.planOnly({ ...ports, accounts, log: call.log }, request);
  try {
    const plan = await Promise.race([planning, tooSlow]);
    if (plan !== undefined) return plan;
  } finally {
    answered.abort();
  }
  // Nobody waits for it any more.
  planning.catch(() => {});
  throw whyTooSlow(opened);
}

/** The plan waits for integrator.io, or else for its turn, as with a tiny `rateShare`. */
function whyTooSlow(accounts: readonly Account[]): ProblemError {
  const silent = accounts.find((account) => account.unansweredMs() >= SILENT_MS);
  if (silent !== undefined) {
    const seconds = Math.round(silent.unansweredMs() / 1000);
    const message = `The plan can't be made: integrator.io has given no good answer for the account "${silent.name}" in ${seconds} s.`;
    return new ProblemError('upstream_failed', message);
  }
  const message =
    'The plan takes longer than an answer may: ask with a greater rateShare, or for fewer flows.';
  return new ProblemError('throttled', message, { headers: { 'retry-after': '30' } });
}
