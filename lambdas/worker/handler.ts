import type { DurableContext, DurableLambdaHandler } from '@aws/durable-execution-sdk-js';
import middy from '@middy/core';
import { executionModeDurableContext } from '@middy/core/DurableContext';
import * as z from 'zod/mini';
import { carryOn, type WorkerEvent, type WorkerPorts, type WorkerResult } from './loop.ts';

const workerEvent = z.strictObject({
  cloneId: z.string().check(z.minLength(1)),
  attempt: z.number().check(z.int(), z.gte(1)),
});

/**
 * The worker: a durable function that carries one clone on. It has no middleware that answers errors: an answer
 * would turn a failed execution into one that succeeded. Without the 0, every suspended invocation would leave a
 * timer behind that keeps the process alive.
 */
export function workerHandler(ports: WorkerPorts): DurableLambdaHandler {
  const handler = middy<WorkerEvent, WorkerResult, Error, DurableContext>({
    executionMode: executionModeDurableContext,
    timeoutEarlyInMillis: 0,
  }).handler(async (event, context) => carryOn(ports, workerEvent.parse(event), context));
  // In this execution mode middy answers what withDurableExecution made; its types do not say so.
  return handler as unknown as DurableLambdaHandler;
}
