import { composeClone } from '../compose/clone.ts';
import { cloneHandler } from './handler.ts';

export const handler = cloneHandler(composeClone(process.env));
