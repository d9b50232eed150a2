import type { CallStats, Clock } from '../../core/ports.ts';
import { IntegratorError, type IntegratorErrorCode, type UpstreamError } from './errors.ts';
import type { Answer, Exchange } from './exchange.ts';
import type { Gate } from './gate.ts';
import type { Lane } from './lane.ts';
import { parseErrors } from './parse-errors.ts';
import { backoffMs, DEFAULT_RETRY_AFTER_MS, isTransient, type RetryPolicy, retryAfterMs } from './retry.ts';
import type { TokenKeeper } from './token.ts';
import { type Lost, type Method, send } from './transport.ts';

/** A body as it came: `text` is one that is no JSON. */
export type Body = { kind: 'empty' } | { kind: 'json'; value: unknown } | { kind: 'text' };

/** A call, and how its answer is to be read. */
export interface Call<T> {
  method: Method;
  /** Path and query behind the base URL: `/v1/flows?limit=1000`. */
  path: string;
  body?: unknown;
  /** Whether doing it twice is as good as doing it once. A call that is not is never sent again once it may have happened. */
  repeatable: boolean;
  timeoutMs?: number | undefined;
  /** Asked before each try, when its turn has come: a rejection keeps it from being sent, and is thrown. */
  beforeSend?: (() => Promise<void>) | undefined;
  /** Makes the result of a 2xx answer; `undefined` for one that can't be used. */
  read(body: Body): T | undefined;
}

export interface Called<T> {
  value: T;
  headers: Answer['headers'];
}

export interface CallerOptions {
  /** What errors call the account. */
  name?: string | undefined;
  baseUrl: string;
  tokens: TokenKeeper;
  gate: Gate;
  lane: Lane;
  clock: Clock;
  random: () => number;
  retry: RetryPolicy;
  requestTimeoutMs: number;
  exchange: Exchange;
  signal?: AbortSignal | undefined;
}

/** Headers that name a request in the server's own logs. */
const REQUEST_ID_HEADERS = ['x-request-id', 'request-id', 'x-amzn-requestid', 'x-correlation-id'];
/** A failing server may ask for a wait, within reason. */
const LONGEST_ASKED_WAIT_MS = 30_000;

/** What one call has gone through so far. */
interface Course {
  repeats: number;
  spentMs: number;
  refreshed: boolean;
  rateLimited: boolean;
}

/** One try and what came of it. */
interface Tried {
  token: string;
  tookMs: number;
  outcome: Answer | Lost;
}

/** Why a try failed in a way that may pass. */
interface Failure {
  reason?: string | undefined;
  sent: boolean;
  answer?: Answer | undefined;
  errors?: UpstreamError[] | undefined;
  waitMs?: number | undefined;
}

/** Makes calls to one account: through its gate, with its token, repeated as far as they may be. */
export class Caller {
  readonly #options: CallerOptions;
  readonly #stats: CallStats = { calls: 0, retries: 0, rateLimited: 0 };
  /** When the calls first went out that have no good answer yet, be it that they are tried again. */
  readonly #unanswered = new Map<Course, number>();
  #serverTime: number | undefined;

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  get name(): string | undefined {
    return this.#options.name;
  }

  stats(): CallStats {
    return { ...this.#stats };
  }

  /** How long the oldest of the calls under way has gone without a good answer, in ms; 0 while none waits for one. */
  unansweredMs(): number {
    // A map keeps the order of sending.
    const [oldest] = this.#unanswered.values();
    return oldest === undefined ? 0 : this.#options.clock.monotonic() - oldest;
  }

  /** The newest `Date` of any answer, ms since the epoch. */
  serverTime(): number | undefined {
    return this.#serverTime;
  }

  /** @throws {IntegratorError} with every code of its kind; the signal's reason when it aborts. */
  async call<T>(call: Call<T>): Promise<Called<T>> {
    const course: Course = { repeats: 0, spentMs: 0, refreshed: false, rateLimited: false };
    try {
      return await this.#see(call, course);
    } finally {
      this.#unanswered.delete(course);
    }
  }

  async #see<T>(call: Call<T>, course: Course): Promise<Called<T>> {
    for (;;) {
      const { token, tookMs, outcome } = await this.#try(call, course);
      course.spentMs += tookMs;
      if (!('status' in outcome)) {
        await this.#failed(call, course, outcome);
      } else if (outcome.status === 429) {
        // Refused before anything was done, so that any call may go again; waited for at the gate.
        course.rateLimited = true;
        this.#unanswered.delete(course);
        course.spentMs -= tookMs;
      } else if (outcome.status === 401) {
        if (course.refreshed || (await this.#options.tokens.afterRefusal(token)) === undefined) {
          throw this.#error('account_unauthorized', call, outcome, token);
        }
        course.refreshed = true;
      } else if (outcome.status >= 200 && outcome.status < 300) {
        const value = call.read(bodyOf(outcome));
        if (value !== undefined) return { value, headers: outcome.headers };
        const reason = `the answer has no usable body (${outcome.text.length} characters)`;
        await this.#failed(call, course, { reason, sent: true, answer: outcome });
      } else if (isTransient(outcome.status)) {
        const errors = this.#errorsIn(outcome, token);
        const waitMs = retryAfterMs(outcome.headers.get('retry-after'), this.#serverNow(outcome));
        await this.#failed(call, course, { sent: true, answer: outcome, errors, waitMs });
      } else if (outcome.status === 404 && call.method === 'delete' && course.repeats > 0) {
        // An earlier try was carried out and its answer lost.
        return { value: call.read({ kind: 'empty' }) as T, headers: outcome.headers };
      } else {
        throw this.#error(outcome.status === 404 ? 'not_found' : 'refused', call, outcome, token);
      }
    }
  }

  async #try(call: Call<unknown>, course: Course): Promise<Tried> {
    const { gate, lane, clock, tokens, baseUrl, exchange, signal } = this.#options;
    await gate.enter(lane, signal, course.rateLimited);
    let latencyMs: number | undefined;
    try {
      const token = await tokens.token();
      await call.beforeSend?.();
      const sentAt = clock.monotonic();
      this.#stats.calls++;
      if (!this.#unanswered.has(course)) this.#unanswered.set(course, sentAt);
      const timeoutMs = call.timeoutMs ?? this.#options.requestTimeoutMs;
      const { method, body } = call;
      const attempt = { method, url: `${baseUrl}${call.path}`, body, token, timeoutMs, signal };
      const outcome = await send(attempt, exchange);
      const tookMs = clock.monotonic() - sentAt;
      if ('status' in outcome) {
        this.#noteTime(outcome);
        if (outcome.status === 429) this.#noteRateLimit(outcome, sentAt);
        else latencyMs = tookMs;
      }
      return { token, tookMs, outcome };
    } finally {
      gate.leave(latencyMs);
    }
  }

  /** Waits before the next try, or throws where there must be none. */
  async #failed(call: Call<unknown>, course: Course, failure: Failure): Promise<void> {
    const { retry, random, clock, signal } = this.#options;
    if (failure.sent && !call.repeatable) throw this.#giveUp('answer_lost', call, failure);
    const asked = Math.min(LONGEST_ASKED_WAIT_MS, failure.waitMs ?? 0);
    const waitMs = Math.max(asked, backoffMs(course.repeats, retry, random));
    course.repeats++;
    course.spentMs += waitMs;
    if (course.repeats > retry.limit || course.spentMs > retry.budgetMs) {
      throw this.#giveUp('upstream_failed', call, failure);
    }
    this.#stats.retries++;
    await clock.sleep(waitMs, signal);
  }

  #giveUp(code: IntegratorErrorCode, call: Call<unknown>, failure: Failure): IntegratorError {
    return new IntegratorError({
      code,
      account: this.name,
      method: call.method.toUpperCase(),
      path: pathOnly(call.path),
      status: failure.answer?.status,
      requestId: requestIdOf(failure.answer),
      errors: failure.errors,
      reason: failure.reason,
    });
  }

  #error(code: IntegratorErrorCode, call: Call<unknown>, answer: Answer, token: string): IntegratorError {
    return this.#giveUp(code, call, { sent: true, answer, errors: this.#errorsIn(answer, token) });
  }

  /** A server that echoes what it was sent must not put the token into an error. */
  #errorsIn(answer: Answer, token: string): UpstreamError[] {
    const text = token === '' ? answer.text : answer.text.replaceAll(token, '[token]');
    return parseErrors(answer.status, text);
  }

  #noteRateLimit(answer: Answer, sentAt: number): void {
    this.#stats.rateLimited++;
    const asked = retryAfterMs(answer.headers.get('retry-after'), this.#serverNow(answer));
    this.#options.gate.rateLimited(asked ?? DEFAULT_RETRY_AFTER_MS, sentAt);
  }

  #noteTime(answer: Answer): void {
    const date = Date.parse(answer.headers.get('date') ?? '');
    if (Number.isFinite(date)) this.#serverTime = Math.max(this.#serverTime ?? date, date);
  }

  #serverNow(answer: Answer): number {
    const date = Date.parse(answer.headers.get('date') ?? '');
    return Number.isFinite(date) ? date : this.#options.clock.now();
  }
}

function bodyOf(answer: Answer): Body {
  if (answer.text.trim() === '') return { kind: 'empty' };
  try {
    return { kind: 'json', value: JSON.parse(answer.text) };
  } catch {
    return { kind: 'text' };
  }
}

function pathOnly(path: string): string {
  return path.split('?')[0] ?? path;
}

function requestIdOf(answer: Answer | undefined): string | undefined {
  for (const name of REQUEST_ID_HEADERS) {
    const value = answer?.headers.get(name);
    if (value) return value;
  }
  return undefined;
}
