import type { Document, JsonObject, ResourceType } from '../../core/model/resource.ts';
import { RESOURCE_TYPES } from '../../core/model/resource.ts';
import type { CallStats, Job, WriteOptions } from '../../core/ports.ts';
import { type Body, Caller } from './caller.ts';
import {
  CloneableCollection,
  Collection,
  type CollectionContext,
  FlowCollection,
  idSegment,
} from './collections.ts';
import { IntegratorError } from './errors.ts';
import { exchangeOver } from './exchange.ts';
import { Gate } from './gate.ts';
import { checkOptions, type IntegratorClientOptions } from './options.ts';
import { readDocument, readNothing, readObject } from './reading.ts';
import { baseUrlOf, type Region } from './regions.ts';
import { DEFAULT_RETRY } from './retry.ts';
import { systemClock } from './system-clock.ts';
import { TokenKeeper } from './token.ts';
import { webhookUrlOf } from './webhook-url.ts';

/** Types that integrator.io itself can clone. */
const CLONEABLE: ReadonlySet<ResourceType> = new Set(['integration', 'export', 'import', 'api']);

/**
 * A client for one account of integrator.io. Every call passes the account's gate, obeys Retry-After, and is
 * repeated as far as it may be; see `IntegratorError` for what it throws.
 *
 * @throws {FlowferryError} `invalid_option`, `invalid_account`
 */
export function createIntegratorClient(options: IntegratorClientOptions): IntegratorClient {
  checkOptions(options);
  return new IntegratorClient(options);
}

/** Made by `createIntegratorClient`. */
export class IntegratorClient {
  readonly region: Region;
  readonly baseUrl: string;
  /** The longest any try may be under way, in ms, clone calls excepted. */
  readonly requestTimeoutMs: number;
  /** Calls a second this client may make over a long time. */
  readonly callsPerSecond: number;
  /** Calls it may make at once. */
  readonly burst: number;
  readonly #caller: Caller;
  readonly #collections: ReadonlyMap<ResourceType, Collection>;
  readonly flows: FlowCollection;
  readonly integrations: CloneableCollection;
  readonly exports: CloneableCollection;
  readonly imports: CloneableCollection;

  constructor(options: IntegratorClientOptions) {
    const clock = options.clock ?? systemClock;
    const gate = options.gate ?? new Gate({ clock });
    const lane = gate.open(options.rateShare ?? 0.95);
    this.region = options.region ?? 'us';
    this.baseUrl = baseUrlOf(options);
    this.requestTimeoutMs = options.requestTimeoutMs ?? 30_000;
    this.callsPerSecond = lane.shape.rate;
    this.burst = Math.floor(lane.shape.size);
    this.#caller = new Caller({
      name: options.name,
      baseUrl: this.baseUrl,
      tokens: new TokenKeeper(options.token),
      gate,
      lane,
      clock,
      random: options.random ?? Math.random,
      retry: { ...DEFAULT_RETRY, ...options.retry },
      requestTimeoutMs: this.requestTimeoutMs,
      exchange: options.exchange ?? exchangeOver(globalThis.fetch),
      signal: options.signal,
    });
    const context: CollectionContext = {
      caller: this.#caller,
      baseUrl: this.baseUrl,
      pageSize: options.pageSize ?? 1000,
      cloneTimeoutMs: options.cloneTimeoutMs ?? 360_000,
    };
    this.flows = new FlowCollection('flow', context);
    this.integrations = new CloneableCollection('integration', context);
    this.exports = new CloneableCollection('export', context);
    this.imports = new CloneableCollection('import', context);
    const own: Collection[] = [this.flows, this.integrations, this.exports, this.imports];
    this.#collections = new Map(
      RESOURCE_TYPES.map((type) => [
        type,
        own.find((collection) => collection.type === type) ??
          (CLONEABLE.has(type) ? new CloneableCollection(type, context) : new Collection(type, context)),
      ]),
    );
  }

  /** The collection of any type. */
  collection(type: ResourceType): Collection {
    const collection = this.#collections.get(type);
    if (collection === undefined) throw new TypeError(`there is no resource type ${type}`);
    return collection;
  }

  /** `GET /v1/tokenInfo`: whose token this is. */
  async tokenInfo(): Promise<{ userId: string; scope: string | undefined }> {
    return this.#read('/v1/tokenInfo', (body) => {
      const info = readObject(body);
      const userId = info?.['_userId'];
      if (typeof userId !== 'string' || userId === '') return undefined;
      return { userId, scope: typeof info?.['scope'] === 'string' ? info['scope'] : undefined };
    });
  }

  /** Registers connections with an integration: `PUT .../connections/register` takes a bare array of ids. */
  async registerConnections(
    integrationId: string,
    connectionIds: readonly string[],
    { beforeSend }: WriteOptions = {},
  ): Promise<void> {
    if (connectionIds.length === 0) return;
    await this.#caller.call({
      method: 'put',
      path: `/v1/integrations/${idSegment(integrationId)}/connections/register`,
      body: connectionIds,
      repeatable: true,
      beforeSend,
      read: readNothing,
    });
  }

  /** Takes one registration back: `DELETE .../connections/{id}/register`. */
  async deregisterConnection(
    integrationId: string,
    connectionId: string,
    { beforeSend }: WriteOptions = {},
  ): Promise<void> {
    const path = `/v1/integrations/${idSegment(integrationId)}/connections/${idSegment(connectionId)}/register`;
    await this.#caller.call({ method: 'delete', path, repeatable: true, beforeSend, read: readNothing });
  }

  /** One job; its status is final when `completed`, `failed` or `canceled`. */
  async job(jobId: string): Promise<Job> {
    return this.#read(`/v1/jobs/${idSegment(jobId)}`, readJob);
  }

  /**
   * Asks integrator.io to try a connection: `POST /v1/connections/{id}/ping`. `false` when it does not work, or
   * when there is none of this id.
   */
  async ping(connectionId: string): Promise<boolean> {
    const path = `/v1/connections/${idSegment(connectionId)}/ping`;
    try {
      const call = { method: 'post', path, body: {}, repeatable: true, read: readPing } as const;
      return (await this.#caller.call(call)).value;
    } catch (error) {
      if (isRefusal(error)) return false;
      throw error;
    }
  }

  /**
   * Whether the package that real-time steps of NetSuite and Salesforce need is installed behind a connection.
   * `undefined` where integrator.io does not tell.
   */
  async distributed(connectionId: string, kind?: string): Promise<boolean | undefined> {
    const query = kind === undefined ? '' : `?type=${encodeURIComponent(kind)}`;
    try {
      const path = `/v1/connections/${idSegment(connectionId)}/distributed${query}`;
      const answer = await this.#read(path, (body) => readObject(body) ?? {});
      return typeof answer['success'] === 'boolean' ? answer['success'] : undefined;
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw error;
    }
  }

  /** The address a webhook export receives at. */
  webhookUrl(exportDocument: Document): string {
    return webhookUrlOf(this.baseUrl, exportDocument);
  }

  /** integrator.io's own time in ms since the epoch, from the newest `Date` header. */
  serverTime(): number | undefined {
    return this.#caller.serverTime();
  }

  stats(): CallStats {
    return this.#caller.stats();
  }

  /** How long the oldest of the calls under way has gone without a good answer, in ms; 0 while none waits for one. */
  unansweredMs(): number {
    return this.#caller.unansweredMs();
  }

  async #read<T>(path: string, read: (body: Body) => T | undefined): Promise<T> {
    return (await this.#caller.call({ method: 'get', path, repeatable: true, read })).value;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof IntegratorError && (error.code === 'refused' || error.code === 'not_found');
}

function readJob(body: Body): Job | undefined {
  const job: JsonObject | undefined = readDocument(body);
  if (job === undefined || typeof job['status'] !== 'string') return undefined;
  const result: Job = { jobId: String(job['_id']), status: job['status'] };
  for (const name of ['numSuccess', 'numError', 'numIgnore'] as const) {
    const count = job[name];
    if (typeof count === 'number') result[name] = count;
  }
  return result;
}

/** A ping that failed may still be answered with 200: it then tells of errors, or of another code. */
function readPing(body: Body): boolean {
  const answer = readObject(body) ?? {};
  const { errors, code, success } = answer;
  if (Array.isArray(errors) && errors.length > 0) return false;
  return success !== false && !(typeof code === 'number' && code >= 400);
}
