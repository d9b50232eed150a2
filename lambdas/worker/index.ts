import { composeWorker } from '../compose.ts';
import { workerHandler } from './handler.ts';

export const handler = workerHandler(composeWorker(process.env));
