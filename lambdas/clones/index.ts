import { composeService } from '../compose.ts';
import { clonesHandler } from './handler.ts';

export const handler = clonesHandler(composeService(process.env));
