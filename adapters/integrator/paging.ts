import type { Document } from '../../core/model/resource.ts';
import type { Caller } from './caller.ts';
import { IntegratorError } from './errors.ts';
import { readPage } from './reading.ts';

/**
 * Follows a list from page to page through `Link: <...>; rel="next"` (RFC 8288). Of that address only path and
 * query count, put behind our own base URL: its host may be another, and its query is not ours to understand.
 *
 * A document that moves between pages while they are read comes twice; it is given once.
 *
 * @throws {IntegratorError} `upstream_failed` where the pages lead in a circle
 */
export async function* pagesOf(
  caller: Caller,
  baseUrl: string,
  firstPath: string,
): AsyncGenerator<Document[], void, undefined> {
  const visited = new Set<string>();
  const given = new Set<string>();
  let path: string | undefined = firstPath;
  while (path !== undefined) {
    if (visited.has(path)) {
      const reason = 'the pages of the list lead in a circle';
      throw new IntegratorError({ code: 'upstream_failed', method: 'GET', path: pathOnly(path), reason });
    }
    visited.add(path);
    const page = await caller.call({ method: 'get', path, repeatable: true, read: readPage });
    const fresh = page.value.filter((document) => !given.has(document._id) && given.add(document._id));
    if (fresh.length > 0) yield fresh;
    path = nextPath(page.headers.get('link'), baseUrl, path);
  }
}

/** Path and query of the next page, relative to the base URL; `undefined` on the last page. */
export function nextPath(link: string | null, baseUrl: string, currentPath: string): string | undefined {
  for (const [, target = '', parameters = ''] of (link ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    const relations = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]+))/i.exec(parameters);
    const names = (relations?.[1] ?? relations?.[2] ?? '').toLowerCase().split(/\s+/);
    if (!names.includes('next') || !URL.canParse(target, `${baseUrl}${currentPath}`)) continue;
    const url = new URL(target, `${baseUrl}${currentPath}`);
    const prefix = new URL(baseUrl).pathname.replace(/\/$/, '');
    const path =
      prefix !== '' && url.pathname.startsWith(`${prefix}/`)
        ? url.pathname.slice(prefix.length)
        : url.pathname;
    return `${path}${url.search}`;
  }
  return undefined;
}

function pathOnly(path: string): string {
  return path.split('?')[0] ?? path;
}
