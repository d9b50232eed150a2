import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingMessage['headers'];
  body: unknown;
}

/** `drop`: the connection is closed without an answer; `cut`: after half of the body; `hang`: nothing comes. */
export type Reply =
  | { status?: number; headers?: Record<string, string>; json?: unknown; text?: string }
  | 'drop'
  | 'cut'
  | 'hang';

/** A server on loopback that gives the scripted replies in order, the last one for ever. */
export class ScriptedServer implements AsyncDisposable {
  readonly received: Received[] = [];
  readonly #server: Server;
  #replies: ((request: Received) => Reply)[];

  private constructor(replies: (Reply | ((request: Received) => Reply))[]) {
    this.#replies = replies.map((reply) => (typeof reply === 'function' ? reply : () => reply));
    this.#server = createServer((request, response) => this.#handle(request, response));
  }

  static async start(...replies: (Reply | ((request: Received) => Reply))[]): Promise<ScriptedServer> {
    const scripted = new ScriptedServer(replies);
    await new Promise<void>((resolve) => scripted.#server.listen(0, '127.0.0.1', resolve));
    return scripted;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const { method = '', url = '', headers } = request;
    const received = { method, url, headers, body: text === '' ? undefined : JSON.parse(text) };
    this.received.push(received);
    const reply = this.#replies[0]?.(received) ?? 'drop';
    if (this.#replies.length > 1) this.#replies.shift();
    if (reply === 'hang') return;
    if (reply === 'drop') {
      request.socket.destroy();
    } else if (reply === 'cut') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"_id":"', () => request.socket.destroy());
    } else {
      const body = reply.text ?? (reply.json === undefined ? '' : JSON.stringify(reply.json));
      const type = reply.json === undefined ? {} : { 'content-type': 'application/json' };
      response.writeHead(reply.status ?? 200, { ...type, ...reply.headers });
      response.end(body);
    }
  }
}
