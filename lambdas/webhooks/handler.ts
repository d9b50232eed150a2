import { deliveryIdOf, type Hook, isWanted, type Verified, verify } from '../../adapters/webhooks/index.ts';
import type { CloneRequest } from '../../core/model/request.ts';
import type { Call, Reply } from '../http/call.ts';
import { readObject } from '../http/json-body.ts';
import { ProblemError } from '../http/problem.ts';
import { json } from '../http/reply.ts';
import { type HttpHandler, serve } from '../http/service.ts';
import { checkRate } from '../http/throttle.ts';
import { admit, deliveryOf } from './delivery.ts';
import type { WebhooksPorts } from './ports.ts';
import { requestOf } from './request.ts';

/**
 * `POST /webhooks/{hook}`: a signed event becomes a clone. The checks come in this order: hook, size, signature,
 * rate, JSON, whether the hook wants it, the fields of the request, the target. Nothing of a payload is logged.
 */
export function webhooksHandler(ports: WebhooksPorts): HttpHandler {
  return serve(ports, {
    'POST /webhooks/{hook}': { open: true, raw: true, handle: (call) => receive(ports, call) },
  });
}

async function receive(ports: WebhooksPorts, call: Call): Promise<Reply> {
  const name = call.event.pathParameters?.['hook'] ?? '';
  const hook = await ports.hooks.get(name);
  if (hook === undefined) throw new ProblemError('hook_not_found', 'There is no such hook.');
  const body = call.body as Buffer;
  const verified = checkSignature(ports, hook, call, body);
  // After the signature: nobody else can use up what the sender may send.
  await checkRate(ports.hookLimiter, name, 'The sender');
  const payload = readObject(body);
  const deliveryId = deliveryIdOf(verified.id, body);
  if (!isWanted(hook.when, payload)) return answer('ignored', deliveryId);
  const request = requestOf(hook, payload, ports.settings);
  checkTarget(hook, request);
  const delivery = await deliveryOf(ports, { hook: name, deliveryId, contentDigest: verified.contentDigest });
  const status = await admit(ports, delivery, { request, requestId: call.requestId });
  call.log.info('delivery', {
    hook: name,
    deliveryId: delivery.deliveryId,
    status,
    cloneId: delivery.cloneId,
  });
  return answer(status, delivery.deliveryId, delivery.cloneId);
}

function checkSignature({ clock }: WebhooksPorts, hook: Hook, call: Call, body: Buffer): Verified {
  const { headers } = call.event;
  const { toleranceSeconds } = hook;
  const verified = verify(hook.signature, { headers, body }, { now: clock.now(), toleranceSeconds });
  if (verified !== undefined) return verified;
  // Which part was wrong would tell who guesses how to go on.
  throw new ProblemError('invalid_signature', 'The signature is missing, wrong or out of date.');
}

function checkTarget({ targets }: Hook, { target }: CloneRequest): void {
  if (targets.includes('*') || targets.includes(target.account)) return;
  throw new ProblemError('account_forbidden', 'The hook may not clone into this account.', {
    problems: [
      {
        code: 'account_forbidden',
        message: `The hook may not clone into the account "${target.account}".`,
        path: '/target/account',
      },
    ],
  });
}

function answer(status: 'accepted' | 'ignored' | 'duplicate', deliveryId: string, cloneId?: string): Reply {
  if (cloneId === undefined) return json(202, { status, deliveryId });
  return json(202, { status, deliveryId, cloneId }, { location: `/clones/${cloneId}` });
}
