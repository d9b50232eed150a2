import type { CloneRecord, Log } from '../core/ports.ts';
import { withFields } from './http/log.ts';

/** Lines about a clone carry the id of the request that asked for it: one search finds the way from door to end. */
export function logOf(log: Log, { notes }: Pick<CloneRecord, 'notes'>): Log {
  const requestId = notes?.['requestId'];
  return typeof requestId === 'string' ? withFields(log, { requestId }) : log;
}
