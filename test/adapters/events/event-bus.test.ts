import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createEventBus } from '../../../adapters/events/index.ts';
import { createAwsJsonServer } from '../../../local/standins/aws-json.ts';
import { type PutEvent, startEventBridge } from '../../../local/standins/eventbridge.ts';
import { closeServer, listenOnLoopback, localClientConfig } from '../../../local/standins/server.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function busAt(endpoint: string) {
  const client = new EventBridgeClient(localClientConfig(endpoint));
  closers.push(async () => client.destroy());
  return createEventBus({ client, busName: 'default' });
}

describe('the event bus', () => {
  test('is told what happened, by whom, and in which version of its shape', async () => {
    const seen: PutEvent[] = [];
    const standin = await startEventBridge((event) => void seen.push(event));
    closers.push(() => standin.close());

    await busAt(standin.endpoint).put('Clone Succeeded', { cloneId: 'one' });

    expect(seen).toEqual([
      { source: 'flowferry', type: 'Clone Succeeded', detail: { version: '1', cloneId: 'one' } },
    ]);
  });

  test('that refuses an entry within an answer of 200 is an error', async () => {
    const refusing = createAwsJsonServer(
      new Map([
        ['PutEvents', () => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException' }] })],
      ]),
    );
    const endpoint = await listenOnLoopback(refusing, 0);
    closers.push(() => closeServer(refusing));

    await expect(busAt(endpoint).put('Clone Failed', {})).rejects.toMatchObject({
      code: 'events_unavailable',
    });
  });
});
