import { composeService } from '../compose.ts';
import { cloneHandler } from './handler.ts';

export const handler = cloneHandler(composeService(process.env));
