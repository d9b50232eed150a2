import { composeWorker } from '../compose/worker.ts';
import { workerHandler } from './handler.ts';

export const handler = workerHandler(composeWorker(process.env));
