import { composeQueueWorker } from '../compose/worker-queue.ts';
import { queueWorkerHandler } from './handler.ts';

export const handler = queueWorkerHandler(composeQueueWorker(process.env));
