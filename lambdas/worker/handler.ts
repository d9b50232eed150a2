import type { DurableContext, DurableLambdaHandler } from '@aws/durable-execution-sdk-js';
import middy from '@middy/core';
import { executionModeDurableContext } from '@middy/core/DurableContext';
import { type WorkerEvent, workerEvent } from './event.ts';
import { carryOn, type WorkerPorts, type WorkerResult } from './loop.ts';

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
