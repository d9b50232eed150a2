/**
 * A process with one durable function over journals in a folder, to be killed by tests. It writes a line to
 * `steps.log` when a step begins and when it ends, and one to its output once the execution has ended.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DurableContext, DurableLambdaHandler } from '@aws/durable-execution-sdk-js';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import middy from '@middy/core';
import { executionModeDurableContext } from '@middy/core/DurableContext';
import { startLambda } from '../../../local/standins/lambda.ts';
import { localClientConfig } from '../../../local/standins/server.ts';

const folder = process.argv[2] ?? '';
const STEPS = 6;
const note = (line: string) => appendFileSync(join(folder, 'steps.log'), `${line}\n`);

async function work({ start }: { start: number }, context: DurableContext): Promise<{ sum: number }> {
  let sum = start;
  for (let index = 0; index < STEPS; index++) {
    sum = await context.step(`step-${index}`, async () => {
      note(`begin ${index}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      note(`end ${index}`);
      return sum + index;
    });
    if (index === 2) await context.wait('pause', { seconds: 1 });
  }
  return { sum };
}

const handler = middy<{ start: number }, { sum: number }, Error, DurableContext>({
  executionMode: executionModeDurableContext,
  timeoutEarlyInMillis: 0,
}).handler(work);

const lambda = await startLambda({ folder, onTrouble: (_, error) => note(`trouble ${String(error)}`) });
lambda.register('worker', { kind: 'durable', handler: handler as unknown as DurableLambdaHandler });
const resumed = await lambda.resumeAll();
note(`process ${resumed}`);

const client = new LambdaClient(localClientConfig(lambda.endpoint));
const invocation = {
  FunctionName: 'worker',
  Qualifier: 'live',
  DurableExecutionName: 'clone-1',
  Payload: JSON.stringify({ start: 100 }),
};
const answer = await client.send(new InvokeCommand(invocation));
note(`result ${Buffer.from(answer.Payload ?? []).toString('utf8')}`);
client.destroy();
await lambda.close();
