import { createServer } from 'node:http';
import { readBody } from '../../../local/standins/aws-json.ts';
import { closeServer, listenOnLoopback, type Standin } from '../../../local/standins/server.ts';

export interface Call {
  operation: string;
  input: Record<string, unknown>;
  /** Asks a real DynamoDB behind this server. */
  forward(): Promise<{ status: number; body: string }>;
}

/** What becomes of a call: an answer, or `cut`, a connection that ends without one. */
export type Answer = { status: number; body: unknown } | 'cut';

/** A server that answers DynamoDB's protocol as a test says, for what a real one does rarely. */
export async function startScripted(
  answer: (call: Call) => Answer | Promise<Answer>,
  behind = '',
): Promise<Standin> {
  const server = createServer(async (request, response) => {
    const text = (await readBody(request)).toString('utf8');
    const target = String(request.headers['x-amz-target']);
    const result = await answer({
      operation: target.slice(target.lastIndexOf('.') + 1),
      input: JSON.parse(text) as Record<string, unknown>,
      async forward() {
        const headers = {
          'x-amz-target': target,
          'content-type': 'application/x-amz-json-1.0',
          authorization: '',
        };
        headers.authorization = String(request.headers.authorization);
        const forwarded = await fetch(behind, {
          method: 'POST',
          headers: { ...headers, 'x-amz-date': String(request.headers['x-amz-date']) },
          body: text,
        });
        return { status: forwarded.status, body: await forwarded.text() };
      },
    });
    if (result === 'cut') {
      request.socket.destroy();
      return;
    }
    response.writeHead(result.status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(typeof result.body === 'string' ? result.body : JSON.stringify(result.body));
  });
  const endpoint = await listenOnLoopback(server, 0);
  return { endpoint, close: () => closeServer(server) };
}

/** An error as DynamoDB answers it. */
export function errorAnswer(name: string, status = 400): Answer {
  return { status, body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: name } };
}
