import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Webhook } from 'standardwebhooks';
import { FlowferryError } from '../../core/model/problem.ts';
import { type CallbackTarget, callbackTarget, type Resolve, resolveName } from './target.ts';

/** One message to a callback's receiver. */
export interface Callback {
  url: string;
  /** The same for every try of one message: by it the receiver knows a repetition. */
  id: string;
  /** When this try is made, ms since the epoch: signed, so that an old one can't be replayed. */
  sentAt: number;
  body: string;
  /** Base64, with or without `whsec_` before it. */
  secret: string;
}

export interface CallbackSender {
  /**
   * Sends a message once; resolves when the receiver took it. Throws `callback_forbidden` where it must never be
   * sent there, `callback_refused` where the receiver wants no more (410), `callback_unreachable` for all that may
   * pass: no answer, a redirect, any other status.
   */
  send(callback: Callback): Promise<void>;
}

/** How long a receiver may take to answer, ms. */
const TIMEOUT_MS = 10_000;

/** RFC 9110, section 15.5.11: gone, and meant to be. */
const GONE = 410;

/**
 * Sends callbacks signed by the Standard Webhooks scheme. Only the address that was checked is connected to, no
 * redirect is followed, and nothing of an answer but its status is looked at.
 */
export function createCallbackSender({
  allowLoopbackHttp,
  resolve = resolveName,
  timeoutMs = TIMEOUT_MS,
}: {
  /** Local runs only: http to a loopback address is allowed. */
  allowLoopbackHttp: boolean;
  resolve?: Resolve;
  timeoutMs?: number;
}): CallbackSender {
  return {
    async send(callback) {
      const target = await callbackTarget(callback.url, { allowLoopbackHttp, resolve });
      const status = await post(target, callback, timeoutMs);
      if (status >= 200 && status < 300) return;
      if (status === GONE) throw new FlowferryError('callback_refused', 'The receiver is gone (410).');
      throw new FlowferryError('callback_unreachable', `The receiver answered ${status}.`);
    },
  };
}

function headersOf({ id, sentAt, body, secret }: Callback): Record<string, string | number> {
  const date = new Date(sentAt);
  return {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'flowferry',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(date.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, date, body),
  };
}

function post(target: CallbackTarget, callback: Callback, timeoutMs: number): Promise<number> {
  const { url, address, family } = target;
  const options: RequestOptions = {
    method: 'POST',
    headers: headersOf(callback),
    agent: false,
    signal: AbortSignal.timeout(timeoutMs),
    // The name is not resolved again: what was checked is what is connected to.
    lookup: (_name, { all }, done) => {
      if (all) done(null, [{ address, family }]);
      else done(null, address, family);
    },
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, options, (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      const reason = error.name === 'AbortError' || error.name === 'TimeoutError' ? 'timeout' : error.code;
      reject(new FlowferryError('callback_unreachable', `The receiver did not answer (${reason}).`));
    });
    request.end(callback.body);
  });
}
