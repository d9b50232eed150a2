import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startFauxqs } from 'fauxqs';
import { createDeadLetterLog, createDeadLetterQueue } from '../../../adapters/dead-letters/index.ts';
import type { JsonObject } from '../../../core/model/resource.ts';

const LETTER = { kind: 'webhook', cloneId: 'clone-1', code: 'account_not_found' };

describe('a dead letter', () => {
  let server: Awaited<ReturnType<typeof startFauxqs>>;
  let client: SQSClient;
  beforeAll(async () => {
    server = await startFauxqs({ port: 0, logger: false });
    client = new SQSClient({
      endpoint: server.address,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
  });
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });

  test('waits in the queue for whoever looks', async () => {
    const { queueUrl } = server.createQueue('dead-letters');

    await createDeadLetterQueue({ client, queueUrl }).put(LETTER);
    const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));

    expect(Messages?.map(({ Body }) => JSON.parse(Body ?? ''))).toEqual([LETTER]);
  });

  test('stands in the log where there is no queue', async () => {
    const lines: unknown[] = [];
    const write = (message: string, fields?: JsonObject) => void lines.push([message, fields]);

    await createDeadLetterLog({ info: write, warn: write, error: write }).put(LETTER);

    expect(lines).toEqual([['dead letter', LETTER]]);
  });
});
