import { SQSClient } from '@aws-sdk/client-sqs';
import { createQueueStarter, type QueueStarter } from '../queue-starter.ts';
import { requestHandler } from './basics.ts';

/** Starts workers that a queue drives, over a client of its own. */
export function queueStarter(target: { queueUrl: string }): QueueStarter {
  return createQueueStarter({ client: new SQSClient({ requestHandler }), ...target });
}
