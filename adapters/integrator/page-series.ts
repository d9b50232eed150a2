/** Makes the path of the page behind a page's, where a number in it is all that changes. */
export type PageSeries = (path: string) => string | undefined;

/**
 * How a list counts its pages, learnt from one page and the link to the next: two paths that differ in one number of
 * the query alone, which grew by as many documents as the page held, as `skip` does. Any other next address is opaque:
 * `undefined`.
 *
 * What a series says is a guess. A page that was asked for by it counts only once the page before links to it.
 */
export function pageSeries(path: string, next: string, documents: number): PageSeries | undefined {
  if (documents === 0) return undefined;
  const [from, to] = [path, next].map((one) => new URL(one, 'http://localhost'));
  if (!from || !to || from.pathname !== to.pathname) return undefined;
  const names = new Set([...from.searchParams.keys(), ...to.searchParams.keys()]);
  const moved = [...names].filter((name) => valuesOf(from, name) !== valuesOf(to, name));
  const [name] = moved;
  if (name === undefined || moved.length > 1 || !/^\w+$/.test(name)) return undefined;
  const before = from.searchParams.get(name) ?? '0';
  const after = to.searchParams.get(name) ?? '';
  if (!isCount(before) || !isCount(after) || Number(after) - Number(before) !== documents) return undefined;
  // Written as the server writes it: an address that is put together anew might never be linked to.
  const place = new RegExp(`([?&]${name}=)(\\d+)`);
  return (one) =>
    place.test(one)
      ? one.replace(place, (_, head: string, count: string) => `${head}${Number(count) + documents}`)
      : undefined;
}

function valuesOf(url: URL, name: string): string {
  return JSON.stringify(url.searchParams.getAll(name));
}

/** A number that still counts exactly. */
function isCount(text: string): boolean {
  return /^\d{1,15}$/.test(text);
}
