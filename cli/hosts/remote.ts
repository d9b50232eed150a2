import { FlowferryError } from '../../core/model/problem.ts';
import type { Clock } from '../../core/ports.ts';
import type { Answer, Service, ServiceCall } from './service.ts';

/** The service waits up to 28 seconds for a clone's end, and API Gateway not longer than 30. */
const TIMEOUT_MS = 60_000;

const TRIES = 4;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Answers of something on the way, or of a service that is asked too much: the call may come again. */
const PASSING: ReadonlySet<number> = new Set([429, 503, 504]);

export interface RemoteOptions {
  /** Without a slash at its end. */
  url: string;
  /** For the header `x-api-key`. */
  key: string;
  clock: Clock;
}

/**
 * A deployed service. Calls that can do no harm twice are repeated: those that only read, and those that carry an
 * `Idempotency-Key`.
 */
export function openRemote({ url, key, clock }: RemoteOptions): Service {
  const once = async (call: ServiceCall): Promise<Answer & { retryAfterMs: number | undefined }> => {
    const query = call.query === undefined ? '' : `?${new URLSearchParams(call.query)}`;
    const response = await fetch(`${url}${call.path}${query}`, {
      method: call.method,
      headers: {
        accept: 'application/json, application/problem+json',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...call.headers,
        'x-api-key': key,
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      // A redirect would take the key to whoever it names.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
    return { status: response.status, text: await response.text(), retryAfterMs };
  };

  return {
    call: async (call) => {
      const isRepeatable = call.method === 'GET' || call.headers?.['idempotency-key'] !== undefined;
      for (let tries = 1, pause = FIRST_PAUSE_MS; ; tries += 1, pause *= 2) {
        const isLast = !isRepeatable || tries === TRIES;
        try {
          const { retryAfterMs, ...answer } = await once(call);
          if (isLast || !PASSING.has(answer.status)) return answer;
          pause = retryAfterMs ?? pause;
        } catch (error) {
          if (isLast) throw unreachable(url, error);
        }
        await clock.sleep(Math.min(pause, LONGEST_PAUSE_MS));
      }
    },
    close: async () => undefined,
  };
}

/** Says why in the words of the system, without what the error itself may hold of the request. */
function unreachable(url: string, error: unknown): FlowferryError {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  const why =
    code ?? (error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'no answer');
  return new FlowferryError('service_unreachable', `The service at ${url} can't be reached (${why}).`);
}
