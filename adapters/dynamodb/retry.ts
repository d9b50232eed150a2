import { FlowferryError } from '../../core/model/problem.ts';
import type { Clock } from '../../core/ports.ts';

/** Errors by which DynamoDB says "later": nothing was done, and the same request may be sent again. */
const LATER = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'ThrottledException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'TransactionInProgressException',
  'InternalServerError',
  'InternalServerErrorException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
]);

/** Errors of a connection that was refused, cut or went silent. */
const CONNECTION = new Set(['TimeoutError', 'RequestTimeout', 'AbortError', 'NetworkingError']);
const SOCKET =
  /^(ECONN(RESET|REFUSED|ABORTED)|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_.*)$/;

function member(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
}

/** The name DynamoDB gives an error. */
export function errorName(error: unknown): string {
  const name = member(error, 'name');
  return typeof name === 'string' ? name : '';
}

/** Whether a conditional write was refused because its condition does not hold. */
export function isConditionFailure(error: unknown): boolean {
  return errorName(error) === 'ConditionalCheckFailedException';
}

/**
 * What the SDK did not make itself it may wrap so that only the text is left. Every answer of DynamoDB is an error
 * of the SDK's own, so that what is wrapped comes from the connection.
 */
const WRAPPED = 'AWS SDK error wrapper for ';

/** Whether sending the request again may help: throttled, server error, lost connection. */
export function isPassing(error: unknown): boolean {
  if (String(member(error, 'message')).startsWith(WRAPPED)) return true;
  if (LATER.has(errorName(error)) || CONNECTION.has(errorName(error))) return true;
  const code = member(error, 'code');
  if (typeof code === 'string' && SOCKET.test(code)) return true;
  const status = member(member(error, '$metadata'), 'httpStatusCode');
  return typeof status === 'number' && status >= 500;
}

/** The pause before try number `attempt` (from 1): doubling from 25 ms to 3 s, with full jitter. */
export function backoffMs(attempt: number): number {
  return Math.random() * Math.min(3_000, 25 * 2 ** attempt);
}

/** Says what can't be done and keeps the storage's own error as the cause. */
export function unavailable(cause?: unknown): FlowferryError {
  const reason = errorName(cause) || 'it kept asking for a pause';
  return new FlowferryError('storage_unavailable', `The table can't be reached: ${reason}.`, { cause });
}

/**
 * Sends until it succeeds, fails for good, or `retryForMs` are over. Then the error is a `FlowferryError`
 * `storage_unavailable`. An error that repeating can't mend is thrown as it is.
 */
export async function persist<T>(clock: Clock, retryForMs: number, send: () => Promise<T>): Promise<T> {
  const deadline = clock.monotonic() + retryForMs;
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (!isPassing(error)) throw error;
      const pause = backoffMs(attempt);
      if (clock.monotonic() + pause >= deadline) throw unavailable(error);
      await clock.sleep(pause);
    }
  }
}
