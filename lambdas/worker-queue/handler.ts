import middy from '@middy/core';
import type { Context, SQSEvent } from 'aws-lambda';
import type { QueueStarter } from '../queue-starter.ts';
import { workerEvent } from '../worker/event.ts';
import { advanceOnce, markFailed, type StepPorts } from '../worker/step.ts';

export interface QueueWorkerPorts extends StepPorts {
  worker: QueueStarter;
}

/** Deliveries of one message before the queue gives it up; the last of them marks the clone failed. */
const MAX_DELIVERIES = 5;

/**
 * The worker where there are no durable functions: a message names a clone, each invocation does as many steps as
 * its time allows and hands the clone on by another message. A step that throws brings the message back.
 */
export function queueWorkerHandler(
  ports: QueueWorkerPorts,
): (event: SQSEvent, context: Context) => Promise<void> {
  const handler = middy<SQSEvent, void>({ timeoutEarlyInMillis: 0 }).handler(async (event, context) => {
    for (const { body, attributes } of event.Records) {
      const message = workerEvent.parse(JSON.parse(body));
      try {
        await carryOn(ports, message, context);
      } catch (error) {
        if (Number(attributes.ApproximateReceiveCount) >= MAX_DELIVERIES) {
          await markFailed(ports, message);
          await announce(ports, message);
        }
        throw error;
      }
    }
  });
  return async (event, context) => {
    await handler(event, context);
  };
}

async function carryOn(
  ports: QueueWorkerPorts,
  event: { cloneId: string; attempt: number },
  context: Context,
): Promise<void> {
  for (;;) {
    const advance = await advanceOnce(ports, event);
    if (advance.next === 'stop') return announce(ports, event);
    const seconds = advance.next === 'later' ? advance.seconds : 0;
    if (seconds > 0 || context.getRemainingTimeInMillis() < 2 * ports.stepMs) {
      return ports.worker.handOn(event.cloneId, event.attempt, seconds);
    }
  }
}

/** Tells others; what is to be told later comes back as another message, and finds the clone at rest. */
async function announce(
  { announcer, worker }: QueueWorkerPorts,
  event: { cloneId: string; attempt: number },
): Promise<void> {
  const { pauseSeconds } = (await announcer?.announce(event)) ?? { pauseSeconds: 0 };
  if (pauseSeconds > 0) await worker.handOn(event.cloneId, event.attempt, pauseSeconds);
}
