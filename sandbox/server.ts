import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Account } from './account.ts';
import { ROUTES } from './endpoints/index.ts';
import { ApiError, fail } from './errors.ts';
import { Faults } from './faults.ts';
import { Journal } from './journal.ts';
import type { Settings } from './options.ts';
import { type Answer, Router } from './router.ts';
import type { Call } from './types.ts';
import { faulty, parseBody, readBody, tooMany, writeAnswer } from './wire.ts';

/** The HTTP side: reads calls, finds the account, keeps the rate limit, injects faults, answers. */
export class SandboxServer {
  readonly faults = new Faults();
  readonly journal: Journal;
  readonly #settings: Settings;
  readonly #accounts = new Map<string, Account>();
  readonly #router = new Router(ROUTES);
  readonly #server: Server;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(settings: Settings) {
    this.#settings = settings;
    this.journal = new Journal(settings.journalSize);
    for (const account of settings.accounts) {
      this.#accounts.set(account.name, new Account(account, settings.bucket, settings.globalIClientIds));
    }
    this.#server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        // The client went away in the middle of its own body: there is nobody to tell.
        if (request.errored) return;
        // A fault of the sandbox itself: seen by the client as what it is, and by whoever runs it.
        console.error(error);
        if (!response.headersSent)
          writeAnswer(response, { status: 500 }, JSON.stringify({ message: String(error) }));
      });
    });
  }

  /** Starts to listen. @returns the address as `http://host:port` */
  async listen(): Promise<string> {
    const { host, port } = this.#settings;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => resolve());
    });
    const address = this.#server.address() as AddressInfo;
    return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
  }

  /** Drops all connections and forgets the work that was to come late. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  accounts(): Account[] {
    return [...this.#accounts.values()];
  }

  /** @throws {TypeError} when there is no such account */
  account(name: string): Account {
    const account = this.#accounts.get(name);
    if (!account) throw new TypeError(`the sandbox has no account ${name}`);
    return account;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET';
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
    const account = this.#accountOf(request.headers.authorization);
    const call = this.journal.open(account?.name ?? '', method, path, query, performance.now());
    const body = await readBody(request);
    if (!account) {
      this.#answer(call, response, { status: 401, body: { message: 'Unauthorized' } });
      return;
    }
    const wait = account.bucket?.take(performance.now()) ?? 0;
    if (wait > 0) {
      this.#answer(call, response, tooMany(wait));
      return;
    }
    await this.#carryOut(call, account, body, response);
  }

  async #carryOut(call: Call, account: Account, body: Buffer | undefined, response: ServerResponse) {
    const { onCall } = this.#settings;
    if (onCall && (await onCall({ ...call }, 'before')) === 'drop') return drop(response);
    const fault = this.faults.next(call);
    if (fault?.effect === 'drop-before') return drop(response);
    if (fault?.effect === 'late') {
      this.#after(fault.ms ?? 0, () => this.#work(call, account, body));
      return drop(response);
    }
    if (fault?.effect === 'status') return this.#answer(call, response, faulty(fault));
    const answer = this.#work(call, account, body);
    if (onCall && (await onCall({ ...call, status: answer.status }, 'after')) === 'drop')
      return drop(response);
    if (fault?.effect === 'drop-after') return drop(response);
    if (fault?.effect === 'status-after') return this.#answer(call, response, faulty(fault));
    this.#answer(call, response, answer, fault?.effect === 'delay' ? fault.ms : 0);
  }

  #work(call: Call, account: Account, body: Buffer | undefined): Answer {
    try {
      if (!body) throw fail(413, 'invalid_request', 'The body is larger than 10 MB.');
      const match = this.#router.match(call.method, call.path);
      if (!match) throw fail(404, 'resource_not_found', `No such path: ${call.method} ${call.path}`);
      const query = new URLSearchParams(call.query);
      const { path } = call;
      return match.endpoint({
        account,
        settings: this.#settings,
        path,
        query,
        params: match.params,
        json: () => parseBody(body),
      });
    } catch (error) {
      if (error instanceof ApiError) return { status: error.status, body: error.body() };
      throw error;
    }
  }

  #answer(call: Call, response: ServerResponse, answer: Answer, extraMs = 0): void {
    const ms = this.#settings.latencyMs + extraMs;
    // What was done is written out now: later changes must not show in an answer that is on its way.
    const text = answer.body === undefined ? undefined : JSON.stringify(answer.body);
    const finish = () => {
      this.journal.close(call, answer.status);
      writeAnswer(response, answer, text);
    };
    if (ms > 0) this.#after(ms, finish);
    else finish();
  }

  #after(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
  }

  #accountOf(authorization: string | undefined): Account | undefined {
    const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
    if (token === undefined) return undefined;
    for (const account of this.#accounts.values()) if (account.token === token) return account;
    return undefined;
  }
}

function drop(response: ServerResponse): void {
  response.destroy();
}
