import type { Document } from './documents.ts';
import { fail } from './errors.ts';
import type { Store } from './store.ts';

/** Next links name integrator.io's own host, wherever the sandbox listens: clients must not rely on it. */
const LINK_ORIGIN = 'https://api.integrator.io';
const LARGEST = 1000;

/** One page of a list. */
export interface Page {
  documents: Document[];
  /** The `Link` header's value, when there are more. */
  link: string | undefined;
}

/**
 * Cuts one page out of a collection, in the order the documents came in.
 *
 * @param path the list's own path, for the next link
 * @param query `limit` (more than 1,000 counts as 1,000) and the opaque `after` of a next link
 * @param keep which documents belong to the list
 * @throws {ApiError} 400 `invalid_query_params`
 */
export function page(
  store: Store,
  path: string,
  query: URLSearchParams,
  pageSize: number,
  keep: (document: Document) => boolean,
): Page {
  const limit = readLimit(query.get('limit'), pageSize);
  const documents: Document[] = [];
  let last = 0;
  for (const entry of store.after(readCursor(query.get('after')))) {
    if (!keep(entry.document)) continue;
    if (documents.length === limit) return { documents, link: nextLink(path, query, last) };
    documents.push(entry.document);
    last = entry.sequence;
  }
  return { documents, link: undefined };
}

function readLimit(text: string | null, pageSize: number): number {
  if (text === null || text === '') return pageSize;
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw fail(400, 'invalid_query_params', 'The limit must be a whole number above 0.');
  }
  return Math.min(Number(text), LARGEST);
}

function readCursor(text: string | null): number {
  if (text === null || text === '') return 0;
  const match = /^s(\d{1,15})$/.exec(Buffer.from(text, 'base64url').toString('latin1'));
  if (!match) throw fail(400, 'invalid_query_params', 'The cursor is not one of ours.');
  return Number(match[1]);
}

function nextLink(path: string, query: URLSearchParams, last: number): string {
  const next = new URLSearchParams(query);
  next.set('after', Buffer.from(`s${last}`, 'latin1').toString('base64url'));
  return `<${LINK_ORIGIN}${path}?${next}>; rel="next"`;
}
