import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createQueueStarter } from '../../lambdas/queue-starter.ts';
import { createWorkerStarter } from '../../lambdas/worker-starter.ts';

interface Received {
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

describe('starting a worker', () => {
  let server: Server;
  let endpoint: string;
  let received: Received[];
  let answer: { status: number; body: string };
  const config = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
    maxAttempts: 1,
  };

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      received.push({
        url: String(request.url),
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => {
    received = [];
  });

  test('names the durable execution after clone and attempt, with the same payload every time', async () => {
    answer = { status: 202, body: '' };
    const client = new LambdaClient({ ...config, endpoint });
    const starter = createWorkerStarter({ client, functionName: 'worker', qualifier: 'live' });

    await starter.start('clone-1', 2);
    await starter.start('clone-1', 2);
    client.destroy();

    expect(received[0]?.url).toBe('/2015-03-31/functions/worker/invocations?Qualifier=live');
    expect(received[0]?.headers['x-amz-invocation-type']).toBe('Event');
    expect(received[0]?.headers['x-amz-durable-execution-name']).toBe('clone-1-2');
    expect(received.map(({ body }) => body)).toEqual(Array(2).fill('{"cloneId":"clone-1","attempt":2}'));
  });

  test('fails when Lambda refuses', async () => {
    answer = { status: 404, body: '{"Message":"There is no such function"}' };
    const client = new LambdaClient({ ...config, endpoint });
    const starter = createWorkerStarter({ client, functionName: 'worker', qualifier: 'live' });

    await expect(starter.start('clone-1', 1)).rejects.toThrow();
    client.destroy();
  });

  test('sends a message that is held back no longer than SQS can', async () => {
    answer = { status: 200, body: '{"MessageId":"m"}' };
    const client = new SQSClient({ ...config, endpoint, md5: false });
    const starter = createQueueStarter({ client, queueUrl: `${endpoint}/000000000000/work` });

    await starter.start('clone-1', 1);
    await starter.handOn('clone-1', 1, 5_000);
    client.destroy();

    const messages = received.map(
      ({ body }) => JSON.parse(body) as { DelaySeconds: number; MessageBody: string },
    );
    expect(messages.map(({ DelaySeconds }) => DelaySeconds)).toEqual([0, 900]);
    expect(messages[0]?.MessageBody).toBe('{"cloneId":"clone-1","attempt":1}');
  });
});
