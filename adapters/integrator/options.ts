import { FlowferryError } from '../../core/model/problem.ts';
import type { Clock } from '../../core/ports.ts';
import type { Exchange } from './exchange.ts';
import type { Gate } from './gate.ts';
import type { BaseUrlOptions } from './regions.ts';
import type { RetryPolicy } from './retry.ts';
import { isToken, type TokenProvider } from './token.ts';

export interface IntegratorClientOptions extends BaseUrlOptions {
  /** What errors call the account; left out: they do not say which it is. */
  name?: string | undefined;
  /** The API token, or what gives it and, after a refusal, a fresh one. */
  token: string | TokenProvider;
  /** The account's gate, shared by all who call the account. Default: one of this client's own. */
  gate?: Gate | undefined;
  /** How much of the account's rate limit this client may use, above 0 and up to 1; default 0.95. */
  rateShare?: number | undefined;
  /** Milliseconds a try may take; default 30,000. */
  requestTimeoutMs?: number | undefined;
  /** Milliseconds a try of integrator.io's own clone may take; default 360,000. */
  cloneTimeoutMs?: number | undefined;
  /** Documents asked for a page; default 1,000. A server may give fewer. */
  pageSize?: number | undefined;
  retry?: Partial<RetryPolicy> | undefined;
  /** Ends every call with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** How requests are sent; default: by the platform's `fetch`. See `createHttpExchange` for one that costs half. */
  exchange?: Exchange | undefined;
  clock?: Clock | undefined;
  /** From 0 up to 1, for jitter; default: the machine's. */
  random?: (() => number) | undefined;
}

const KNOWN: Record<keyof IntegratorClientOptions, true> = {
  name: true,
  token: true,
  region: true,
  baseUrl: true,
  allowLoopbackHttp: true,
  gate: true,
  rateShare: true,
  requestTimeoutMs: true,
  cloneTimeoutMs: true,
  pageSize: true,
  retry: true,
  signal: true,
  exchange: true,
  clock: true,
  random: true,
};
const KNOWN_RETRY: Record<keyof RetryPolicy, true> = {
  limit: true,
  budgetMs: true,
  baseMs: true,
  capMs: true,
};

/**
 * Refuses what can't be meant: an unknown name, an empty token, a number out of range.
 *
 * @throws {FlowferryError} `invalid_option`, naming the option and never its value
 */
export function checkOptions(options: IntegratorClientOptions): void {
  refuseUnknown(options, KNOWN, 'option');
  refuseUnknown(options.retry ?? {}, KNOWN_RETRY, 'retry option');
  const { token, rateShare = 1, pageSize = 1 } = options;
  if (typeof token === 'string' ? !isToken(token) : typeof token !== 'function') {
    throw invalid('token must be a function or printable ASCII text without spaces');
  }
  if (!(rateShare > 0 && rateShare <= 1)) throw invalid('rateShare must be above 0 and at most 1');
  if (!Number.isInteger(pageSize) || pageSize < 1) throw invalid('pageSize must be a whole number above 0');
  for (const name of ['requestTimeoutMs', 'cloneTimeoutMs'] as const) {
    const value = options[name] ?? 1;
    if (!(value > 0 && value < 2 ** 31)) throw invalid(`${name} must be above 0 and below 2^31`);
  }
  for (const [name, value] of Object.entries(options.retry ?? {})) {
    if (!(value >= 0)) throw invalid(`retry.${name} must not be negative`);
  }
}

function refuseUnknown(given: object, known: Record<string, true>, what: string): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(known, name));
  if (unknown !== undefined) throw invalid(`there is no ${what} ${unknown}`);
}

function invalid(why: string): FlowferryError {
  return new FlowferryError('invalid_option', `the integrator.io client can't be made: ${why}`);
}
