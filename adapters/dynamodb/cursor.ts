import { unknownCursor } from '../../core/model/cursor.ts';

/** A place in a list as callers carry it from page to page. */
export function toCursor(sortKey: string): string {
  return Buffer.from(sortKey, 'utf8').toString('base64url');
}

/** Below DynamoDB's own limit of a sort key, 1,024 bytes: beyond it a query fails instead of finding nothing. */
const MOST_BYTES = 1_000;

/** The place behind a cursor. Throws `invalid_request` for one that no list of this kind handed out. */
export function fromCursor(cursor: string, prefix: string): string {
  const sortKey = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!sortKey.startsWith(prefix) || sortKey.length === 0 || Buffer.byteLength(sortKey) > MOST_BYTES) {
    throw unknownCursor();
  }
  return sortKey;
}
