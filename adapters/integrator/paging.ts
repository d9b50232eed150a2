import type { Document } from '../../core/model/resource.ts';
import type { Called, Caller } from './caller.ts';
import { IntegratorError } from './errors.ts';
import { type PageSeries, pageSeries } from './page-series.ts';
import { readPage } from './reading.ts';

/** The pages of a list, in the server's order. */
export type Pages = AsyncIterableIterator<Document[], undefined, undefined>;

/** What a list needs of the caller; `name`: what errors call the account. */
type PageCaller = Pick<Caller, 'call'> & { readonly name?: string | undefined };

/**
 * Follows a list from page to page through `Link: <...>; rel="next"` (RFC 8288). Of that address only path and
 * query count, put behind our own base URL: its host may be another, and its query is not ours to understand.
 *
 * Whoever asks for several pages at once gets them beside each other where the list counts its pages (see
 * `pageSeries`), else one after the other. A document that moves between pages while they are read comes twice; it is
 * given once.
 *
 * `next` rejects with an {IntegratorError}, `upstream_failed` where the pages lead in a circle; then the list is over.
 */
export function pagesOf(caller: PageCaller, baseUrl: string, firstPath: string): Pages {
  return new LinkedPages(caller, baseUrl, firstPath);
}

class LinkedPages implements Pages {
  readonly #caller: PageCaller;
  readonly #baseUrl: string;
  readonly #visited = new Set<string>();
  readonly #given = new Set<string>();
  /** Pages that are on their way, by path: the next one, and what may come behind it. */
  readonly #begun = new Map<string, Promise<Called<Document[]>>>();
  /** The next page's path; `undefined` behind the last. */
  #path: string | undefined;
  #series: PageSeries | undefined;
  /** Pages that were asked for and not given yet. */
  #asked = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(caller: PageCaller, baseUrl: string, firstPath: string) {
    this.#caller = caller;
    this.#baseUrl = baseUrl;
    this.#path = firstPath;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Document[], undefined>> {
    this.#asked += 1;
    this.#begin();
    const page = this.#turn.then(() => this.#following());
    this.#turn = page.catch(() => this.#end());
    return page;
  }

  async return(): Promise<IteratorResult<Document[], undefined>> {
    this.#end();
    return { done: true, value: undefined };
  }

  async #following(): Promise<IteratorResult<Document[], undefined>> {
    while (this.#path !== undefined) {
      const path = this.#path;
      if (this.#visited.has(path)) {
        const reason = 'the pages of the list lead in a circle';
        const where = { account: this.#caller.name, method: 'GET', path: pathOnly(path) };
        throw new IntegratorError({ code: 'upstream_failed', ...where, reason });
      }
      this.#visited.add(path);
      this.#begin();
      const { value, headers } = await (this.#begun.get(path) as Promise<Called<Document[]>>);
      this.#begun.delete(path);
      // Nobody wants to know any more.
      if (this.#path !== path) break;
      this.#follow(path, nextPath(headers.get('link'), this.#baseUrl, path), value.length);
      const fresh = value.filter(({ _id }) => !this.#given.has(_id) && this.#given.add(_id));
      if (fresh.length === 0) continue;
      this.#asked -= 1;
      this.#begin();
      return { done: false, value: fresh };
    }
    this.#end();
    return { done: true, value: undefined };
  }

  /** Goes on to the next page. What was begun in its place by a guess that proved wrong is forgotten. */
  #follow(path: string, next: string | undefined, documents: number): void {
    const isAsGuessed = this.#series === undefined || this.#series(path) === next;
    if (!isAsGuessed) this.#begun.clear();
    if (this.#visited.size === 1 && next !== undefined) this.#series = pageSeries(path, next, documents);
    else if (!isAsGuessed) this.#series = undefined;
    this.#path = next;
  }

  /** Sends for as many pages as are asked for, as far as their paths are known or can be guessed. */
  #begin(): void {
    let path = this.#path;
    for (let ahead = 0; ahead < this.#asked && path !== undefined; ahead += 1) {
      // A circle is not gone round twice.
      if (ahead > 0 && this.#visited.has(path)) return;
      if (!this.#begun.has(path)) {
        const page = this.#caller.call({ method: 'get', path, repeatable: true, read: readPage });
        // Who comes to this page is told.
        page.catch(() => undefined);
        this.#begun.set(path, page);
      }
      path = this.#series?.(path);
    }
  }

  #end(): void {
    this.#path = undefined;
    this.#begun.clear();
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
