import { createCloneEngine } from '../../core/clone/index.ts';
import { readEnvironment, type Variables } from '../environment.ts';
import type { QueueWorkerPorts } from '../worker-queue/handler.ts';
import { announcerOf } from './announcer.ts';
import { cloneParts } from './parts.ts';
import { queueStarter } from './queue-starter.ts';

/** For `worker-queue`. */
export function composeQueueWorker(variables: Variables): QueueWorkerPorts {
  const environment = readEnvironment(variables, ['FLOWFERRY_TABLE', 'FLOWFERRY_WORKER_QUEUE_URL']);
  const parts = cloneParts(environment);
  return {
    ...parts.ports,
    engine: createCloneEngine(),
    announcer: announcerOf(environment, parts),
    worker: queueStarter({ queueUrl: environment.FLOWFERRY_WORKER_QUEUE_URL }),
    stepMs: environment.FLOWFERRY_STEP_MS,
  };
}
