import { composeClones } from '../compose/clones.ts';
import { clonesHandler } from './handler.ts';

export const handler = clonesHandler(composeClones(process.env));
