import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { WorkerStarter } from '../core/ports.ts';

/** The longest that SQS can hold a message back, in seconds. */
const MAX_DELAY = 900;

/** Starts, and starts again, the worker that a queue drives. */
export interface QueueStarter extends WorkerStarter {
  /** Hands a clone on to a later invocation; a longer wait than SQS knows is cut to what it knows. */
  handOn(cloneId: string, attempt: number, seconds: number): Promise<void>;
}

/** A message in the worker's queue for each start: one more than needed finds the clone's lease taken. */
export function createQueueStarter({
  client,
  queueUrl,
}: {
  client: SQSClient;
  queueUrl: string;
}): QueueStarter {
  const handOn = async (cloneId: string, attempt: number, seconds: number): Promise<void> => {
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify({ cloneId, attempt }),
        DelaySeconds: Math.min(MAX_DELAY, Math.max(0, Math.ceil(seconds))),
      }),
    );
  };
  return { start: (cloneId, attempt) => handOn(cloneId, attempt, 0), handOn };
}
