import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { WorkerStarter } from '../core/ports.ts';

/**
 * Starts the worker as a durable execution. Lambda knows an execution by its name: the same clone and attempt with
 * the same payload, byte for byte, are the same execution, so that starting twice starts once.
 */
export function createWorkerStarter({
  client,
  functionName,
  qualifier,
}: {
  client: LambdaClient;
  functionName: string;
  /** An alias or a version: durable executions have no other address. */
  qualifier: string;
}): WorkerStarter {
  return {
    start: async (cloneId, attempt) => {
      await client.send(
        new InvokeCommand({
          FunctionName: functionName,
          Qualifier: qualifier,
          InvocationType: 'Event',
          DurableExecutionName: `${cloneId}-${attempt}`,
          Payload: JSON.stringify({ cloneId, attempt }),
        }),
      );
    },
  };
}
