import { composeSyncs } from '../compose/syncs.ts';
import { syncsHandler } from './handler.ts';

export const handler = syncsHandler(composeSyncs(process.env));
