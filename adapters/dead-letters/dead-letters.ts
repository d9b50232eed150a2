import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { JsonObject } from '../../core/model/resource.ts';
import type { Log } from '../../core/ports.ts';

/** Work that was given up and that somebody must look at. */
export interface DeadLetters {
  /** Kept once it resolves. The letter holds ids, names and codes: no payload, no secrets. */
  put(letter: JsonObject): Promise<void>;
}

/** Dead letters in a queue of SQS. */
export function createDeadLetterQueue({
  client,
  queueUrl,
}: {
  client: SQSClient;
  queueUrl: string;
}): DeadLetters {
  return {
    async put(letter) {
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(letter) }));
    },
  };
}

/** Dead letters in the log, for hosts that have no queue. */
export function createDeadLetterLog(log: Log): DeadLetters {
  return { put: async (letter) => log.error('dead letter', letter) };
}
