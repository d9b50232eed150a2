import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Context, SQSEvent } from 'aws-lambda';
import type { Advance } from '../../../core/clone/contract.ts';
import { type QueueWorkerPorts, queueWorkerHandler } from '../../../lambdas/worker-queue/handler.ts';
import { newRecord, silentPorts } from './support.ts';

describe('the worker that a queue drives', () => {
  let ports: QueueWorkerPorts;
  let script: (Advance | Error)[];
  let handedOn: unknown[];

  beforeEach(async () => {
    handedOn = [];
    ports = {
      ...silentPorts(),
      engine: {
        advance: async () => {
          const result = script.shift() ?? new Error('one step too many');
          if (result instanceof Error) throw result;
          return result;
        },
      },
      worker: { start: async () => {}, handOn: async (...handed) => void handedOn.push(handed) },
      stepMs: 1_000,
    };
    await ports.clones.create(newRecord('clone-1'));
  });

  const deliver = (deliveries = 1, remainingMs = 60_000): Promise<void> => {
    const attributes = { ApproximateReceiveCount: String(deliveries) };
    const event = { Records: [{ body: '{"cloneId":"clone-1","attempt":1}', attributes }] };
    const context = { getRemainingTimeInMillis: () => remainingMs };
    return queueWorkerHandler(ports)(event as unknown as SQSEvent, context as Context);
  };

  test('does all steps in one invocation where its time allows', async () => {
    script = [{ next: 'again' }, { next: 'again' }, { next: 'stop', status: 'succeeded' }];

    await deliver();

    expect(script).toEqual([]);
    expect(handedOn).toEqual([]);
  });

  test('hands the clone on where its time runs out', async () => {
    script = [{ next: 'again' }];

    await deliver(1, 1_500);

    expect(handedOn).toEqual([['clone-1', 1, 0]]);
  });

  test('hands the clone on for later where it has to wait', async () => {
    script = [{ next: 'later', seconds: 90 }];

    await deliver();

    expect(handedOn).toEqual([['clone-1', 1, 90]]);
  });

  test('shows that a clone is alive that only waits', async () => {
    script = [{ next: 'later', seconds: 90 }];

    await deliver();
    const record = await ports.clones.get('clone-1');

    expect(Date.parse(record?.heartbeatAt ?? '')).toBeGreaterThan(Date.parse(record?.createdAt ?? ''));
  });

  test('gives the message back when a step fails, and marks the clone failed at the last delivery', async () => {
    script = [new Error('first'), new Error('last')];

    await expect(deliver(1)).rejects.toThrow('first');
    const between = await ports.clones.get('clone-1');
    await expect(deliver(5)).rejects.toThrow('last');
    const after = await ports.clones.get('clone-1');

    expect([between?.status, after?.status]).toEqual(['running', 'failed']);
  });

  test('tells others that the clone came to rest, and comes back for what is to be told later', async () => {
    const pauses = [30, 0];
    ports.announcer = { announce: async () => ({ pauseSeconds: pauses.shift() ?? 0 }) };
    script = [
      { next: 'stop', status: 'succeeded' },
      { next: 'stop', status: 'succeeded' },
    ];

    await deliver();
    await deliver();

    expect(handedOn).toEqual([['clone-1', 1, 30]]);
    expect(pauses).toEqual([]);
  });
});
