import { composeMeta } from '../compose.ts';
import { metaHandler } from './handler.ts';

export const handler = metaHandler(composeMeta(process.env));
