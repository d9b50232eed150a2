import { composeMeta } from '../compose/meta.ts';
import { metaHandler } from './handler.ts';

export const handler = metaHandler(composeMeta(process.env));
