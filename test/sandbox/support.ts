import { afterEach } from '@jest/globals';
import { type Document, type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/index.ts';

/** An answer, read to its end. */
export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  body: any;
}

/** A call to the sandbox as one account. */
export type Caller = (method: string, path: string, body?: unknown) => Promise<Reply>;

/** A sandbox with a single account `a`, and how to call it. */
export interface Bench {
  sandbox: Sandbox;
  call: Caller;
  /** Creates a document and fails the test when that is refused. */
  make(collection: string, fields: object): Promise<Document>;
  /** The codes and fields of a refusal, such as `422 invalid_ref _exportId`. */
  refusal(method: string, path: string, body?: unknown): Promise<string[]>;
}

/** Well-formed, and nobody's. */
export const NOBODY = 'dddddddddddddddddddddddd';
export const STANDALONE_ID = 'aaaaaaaaaaaaaaaaaaaaaaaa';

const open: Sandbox[] = [];

afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
});

/** Starts a sandbox that is closed after the test. */
export async function started(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  open.push(sandbox);
  return sandbox;
}

/** Starts a sandbox whose one account has nothing but its "Standalone flows". */
export async function bench(options: SandboxOptions = {}): Promise<Bench> {
  const integrations = [{ _id: STANDALONE_ID, name: 'Standalone flows' }];
  const accounts = [{ name: 'a', token: 'token-a', userId: 'user-a', documents: { integrations } }];
  const sandbox = await started({ accounts, ...options });
  const call = caller(sandbox, 'token-a');
  return {
    sandbox,
    call,
    async make(collection, fields) {
      const reply = await call('POST', `/v1/${collection}`, fields);
      if (reply.status !== 201) throw new Error(`${collection}: ${reply.status} ${reply.text}`);
      return reply.body;
    },
    async refusal(method, path, body) {
      const reply = await call(method, path, body);
      const errors: { code: string; field?: string }[] = reply.body?.errors ?? [];
      return errors.map(({ code, field }) => [reply.status, code, field].filter(Boolean).join(' '));
    },
  };
}

/** Calls a sandbox with a token. A string is sent as it is, anything else as JSON. */
export function caller(sandbox: Sandbox, token: string): Caller {
  return async (method, path, body) => {
    const init: RequestInit = {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    };
    if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(sandbox.url + path, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  };
}

/** A connection that has credentials. */
export const CONNECTION = {
  name: 'Shop',
  type: 'http',
  http: { baseURI: 'https://shop.example.com', auth: { type: 'token', token: { token: 'planted-secret' } } },
};

/** An export over a connection. */
export function exportOf(connectionId: unknown, more: object = {}) {
  return { name: 'Get orders', adaptorType: 'HTTPExport', _connectionId: connectionId, ...more };
}

/** An import over a connection. */
export function importOf(connectionId: unknown, more: object = {}) {
  return { name: 'Put orders', adaptorType: 'HTTPImport', _connectionId: connectionId, ...more };
}

/** The path and query of a next link, or undefined. */
export function nextOf(reply: Reply): string | undefined {
  const address = /<([^>]+)>; rel="next"/.exec(reply.headers.get('link') ?? '')?.[1];
  if (address === undefined) return undefined;
  const { pathname, search } = new URL(address);
  return pathname + search;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
