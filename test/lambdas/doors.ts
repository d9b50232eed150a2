import { createHmac } from 'node:crypto';
import type { JsonObject } from '../../core/model/resource.ts';
import type { Log } from '../../core/ports.ts';
import { startLocal } from '../../local/compose.ts';
import type { LocalSettings } from '../../local/settings.ts';
import type { Answer, Body } from './support.ts';

export const KEY = 'planted-key-of-the-administrator';
export const HOOK_SECRET = 'planted-secret-of-the-hook';
export const CALLBACK_SECRET = `whsec_${Buffer.from('planted-secret-of-callbacks').toString('base64')}`;
/** "Send GitHub Events to Slack" of the sandbox's blueprint. */
export const FLOW_ID = '55ea78c6b751843c37b7b367';

/** A hook that signs as most senders do: time and body, the id beside them. */
export const SIGNUP = {
  signature: {
    scheme: 'hmac',
    secret: HOOK_SECRET,
    header: 'X-Signature',
    prefix: 'sha256=',
    timestampHeader: 'X-Timestamp',
    idHeader: 'X-Delivery-Id',
  },
  targets: ['acme', 'later'],
  when: "type == 'tenant.created'",
  request: {
    source: { account: 'blueprint', flowIds: [FLOW_ID] },
    target: { account: { $jmespath: 'data.tenant' } },
    connections: 'match-name',
  },
};

export interface DoorsAnswer extends Omit<Answer, 'body'> {
  body: Body & { deliveryId?: string; ok?: boolean; account?: string };
  text: string;
}

/** The local run in this process, with all its stand-ins. */
export interface Doors {
  url: string;
  sandboxUrl: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<DoorsAnswer>;
  deliver(hook: string, payload: unknown, headers: Record<string, string>): Promise<DoorsAnswer>;
  /** Polls a clone until it is neither running nor planned. */
  settled(cloneId: string): Promise<DoorsAnswer>;
  /** Resolves once a line with this message was logged as often as told. */
  logged(message: string, times?: number): Promise<JsonObject[]>;
  /** All that was logged and answered so far. */
  said(): string;
  close(): Promise<void>;
}

export async function startDoors(settings: Partial<LocalSettings> = {}): Promise<Doors> {
  const before = { ...process.env };
  const lines: JsonObject[] = [];
  const answers: string[] = [];
  const write = (message: string, fields?: JsonObject) => void lines.push({ message, ...fields });
  const log: Log = { info: write, warn: write, error: write };
  const local = await startLocal(
    {
      port: 0,
      sandbox: { port: 0, jobMs: 1 },
      apiKey: KEY,
      accounts: new Map(),
      hooks: new Map([['signup', SIGNUP]]),
      callbackSecret: CALLBACK_SECRET,
      folder: undefined,
      syncWaitMs: 20_000,
      throttleFactor: 0,
      accountCheckMs: 0,
      functionVariables: {},
      ...settings,
    },
    { env: process.env, log },
  );
  const call: Doors['call'] = async (method, path, body, headers = {}) => {
    const response = await fetch(`${local.url}${path}`, {
      method,
      headers: {
        'x-api-key': KEY,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    answers.push(text);
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (text === '' ? {} : JSON.parse(text)) as DoorsAnswer['body'],
    };
  };
  return {
    url: local.url,
    sandboxUrl: local.sandboxUrl,
    call,
    deliver: (hook, payload, headers) =>
      call('POST', `/webhooks/${hook}`, typeof payload === 'string' ? payload : JSON.stringify(payload), {
        'x-api-key': '',
        ...headers,
      }),
    async settled(cloneId) {
      for (;;) {
        const answer = await call('GET', `/clones/${cloneId}`);
        if (answer.body.status !== 'running' && answer.body.status !== 'planned') return answer;
        await pause();
      }
    },
    async logged(message, times = 1) {
      for (;;) {
        const found = lines.filter((line) => line['message'] === message);
        if (found.length >= times) return found;
        await pause();
      }
    },
    said: () => JSON.stringify(lines) + answers.join('\n'),
    async close() {
      await local.close();
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
    },
  };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

/** The headers of a delivery to `signup`, signed now or so many seconds later. */
export function signed(
  body: unknown,
  {
    id = 'delivery-1',
    offset = 0,
    secret = HOOK_SECRET,
  }: { id?: string; offset?: number; secret?: string } = {},
): Record<string, string> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const timestamp = String(Math.floor(Date.now() / 1000) + offset);
  const signature = createHmac('sha256', secret).update(`${timestamp}.${text}`).digest('hex');
  return { 'x-signature': `sha256=${signature}`, 'x-timestamp': timestamp, 'x-delivery-id': id };
}
