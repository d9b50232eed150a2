import type { Document, JsonObject, ResourceType } from '../../core/model/resource.ts';
import type {
  Account,
  AccountIdentity,
  CallStats,
  Job,
  ListOptions,
  PatchOperation,
  WriteOptions,
} from '../../core/ports.ts';
import { createIntegratorClient, type IntegratorClient } from './client.ts';
import type { IntegratorClientOptions } from './options.ts';

export interface OpenAccountOptions extends IntegratorClientOptions {
  /** Our name for the account. */
  name: string;
}

/**
 * Opens an account as the engine sees it. No call is made until one is needed.
 *
 * @throws {FlowferryError} `invalid_option`, `invalid_account`
 */
export function openAccount(options: OpenAccountOptions): Account {
  return accountOf(options.name, createIntegratorClient(options));
}

/** The engine's view of a client. */
export function accountOf(name: string, client: IntegratorClient): Account {
  return new ClientAccount(name, client);
}

class ClientAccount implements Account {
  readonly name: string;
  readonly requestTimeoutMs: number;
  readonly callsPerSecond: number;
  readonly burst: number;
  readonly #client: IntegratorClient;
  #identity: Promise<AccountIdentity> | undefined;

  constructor(name: string, client: IntegratorClient) {
    this.name = name;
    this.#client = client;
    this.requestTimeoutMs = client.requestTimeoutMs;
    this.callsPerSecond = client.callsPerSecond;
    this.burst = client.burst;
  }

  /** Asked for once; an account that failed to tell is asked again. */
  identity(): Promise<AccountIdentity> {
    if (this.#identity === undefined) {
      const asked = this.#askIdentity();
      asked.catch(() => {
        if (this.#identity === asked) this.#identity = undefined;
      });
      this.#identity = asked;
    }
    return this.#identity;
  }

  async #askIdentity(): Promise<AccountIdentity> {
    const { region } = this.#client;
    const { userId } = await this.#client.tokenInfo();
    return { key: `${region}:${userId}`, region, userId };
  }

  get(type: ResourceType, id: string): Promise<Document | undefined> {
    return this.#client.collection(type).get(id);
  }

  list(type: ResourceType, options: ListOptions = {}): AsyncIterable<readonly Document[]> {
    // Flows that are instances of an abstract one are left out of lists unless asked for.
    const query = type === 'flow' ? { query: { includeInstances: 'true' } } : {};
    return this.#client.collection(type).pages({ ...options, ...query });
  }

  create(type: ResourceType, body: JsonObject, options?: WriteOptions): Promise<Document> {
    return this.#client.collection(type).create(body, options);
  }

  replace(type: ResourceType, id: string, body: JsonObject, options?: WriteOptions): Promise<Document> {
    return this.#client.collection(type).update(id, body, options);
  }

  patch(
    type: ResourceType,
    id: string,
    operations: readonly PatchOperation[],
    options?: WriteOptions,
  ): Promise<void> {
    return this.#client.collection(type).patch(id, operations, options);
  }

  remove(type: ResourceType, id: string, options?: WriteOptions): Promise<boolean> {
    return this.#client.collection(type).delete(id, options);
  }

  registerConnections(
    integrationId: string,
    connectionIds: readonly string[],
    options?: WriteOptions,
  ): Promise<void> {
    return this.#client.registerConnections(integrationId, connectionIds, options);
  }

  deregisterConnection(integrationId: string, connectionId: string, options?: WriteOptions): Promise<void> {
    return this.#client.deregisterConnection(integrationId, connectionId, options);
  }

  run(flowId: string, body: JsonObject, options?: WriteOptions): Promise<{ jobId: string }> {
    return this.#client.flows.run(flowId, body, options);
  }

  job(jobId: string): Promise<Job> {
    return this.#client.job(jobId);
  }

  ping(connectionId: string): Promise<boolean> {
    return this.#client.ping(connectionId);
  }

  hasDistributedPackage(connectionId: string): Promise<boolean | undefined> {
    return this.#client.distributed(connectionId);
  }

  webhookUrl(exportDocument: Document): string {
    return this.#client.webhookUrl(exportDocument);
  }

  serverTime(): number | undefined {
    return this.#client.serverTime();
  }

  stats(): CallStats {
    return this.#client.stats();
  }

  unansweredMs(): number {
    return this.#client.unansweredMs();
  }
}
