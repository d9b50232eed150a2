import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Answer, Exchange } from './exchange.ts';

export interface HttpExchange {
  exchange: Exchange;
  /** Closes the connections that are kept. */
  close(): void;
}

/** Idle connections are closed before a server would close them under a request: many keep them for five seconds. */
const IDLE_MS = 4000;

/**
 * An exchange over `node:http`, for whoever makes thousands of calls: it costs half the processor time of one over
 * the platform's `fetch`.
 */
export function createHttpExchange(): HttpExchange {
  const options = { keepAlive: true, timeout: IDLE_MS };
  const [plain, secure] = [new http.Agent(options), new https.Agent(options)];
  return {
    exchange: ({ url, method, headers, body, signal }) =>
      new Promise((resolve, reject) => {
        const sent = url.startsWith('https:')
          ? https.request(url, { method, headers: withLength(headers, body), agent: secure, signal })
          : http.request(url, { method, headers: withLength(headers, body), agent: plain, signal });
        sent.on('response', (message) => read(message).then(resolve, reject));
        sent.on('error', reject);
        sent.end(body);
      }),
    close: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

function withLength(headers: Readonly<Record<string, string>>, body: string | undefined) {
  return body === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(body) };
}

function read(message: IncomingMessage): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let text = '';
    message.setEncoding('utf8');
    message.on('data', (chunk: string) => {
      text += chunk;
    });
    message.on('error', reject);
    message.on('end', () => {
      const get = (name: string) => asText(message.headers[name.toLowerCase()]);
      resolve({ status: message.statusCode ?? 0, headers: { get }, text });
    });
  });
}

function asText(header: string | string[] | undefined): string | null {
  return Array.isArray(header) ? header.join(', ') : (header ?? null);
}
