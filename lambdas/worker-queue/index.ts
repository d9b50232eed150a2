import { composeQueueWorker } from '../compose.ts';
import { queueWorkerHandler } from './handler.ts';

export const handler = queueWorkerHandler(composeQueueWorker(process.env));
