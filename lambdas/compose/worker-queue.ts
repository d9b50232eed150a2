import { createCloneEngine } from '../../core/clone/index.ts';
import { readEnvironment, type Variables } from '../environment.ts';
import type { QueueWorkerPorts } from '../worker-queue/handler.ts';
import { announcerOf } from './announcer.ts';
import { meterOf } from './metering.ts';
import { cloneParts } from './parts.ts';
import { queueStarter } from './queue-starter.ts';
import { objectionOf, runsOf } from './runs.ts';

/** For `worker-queue`. */
export function composeQueueWorker(variables: Variables): QueueWorkerPorts {
  const environment = readEnvironment(variables, ['FLOWFERRY_TABLE', 'FLOWFERRY_WORKER_QUEUE_URL']);
  const parts = cloneParts(environment);
  const meter = meterOf(environment, parts.ports);
  const worker = queueStarter({ queueUrl: environment.FLOWFERRY_WORKER_QUEUE_URL });
  return {
    ...meter.ports,
    objection: objectionOf(environment, parts),
    metrics: meter.metrics,
    engine: meter.engine(createCloneEngine()),
    announcer: announcerOf(environment, parts),
    runs: meter.runs(runsOf(environment, { ...parts, ports: meter.ports }, worker)),
    worker,
    stepMs: environment.FLOWFERRY_STEP_MS,
  };
}
