import { describe, expect, test } from '@jest/globals';
import { nextPath } from '../../../adapters/integrator/paging.ts';
import { clientFor, rejectionOf } from './clientFor.ts';
import { ScriptedServer } from './scriptedServer.ts';

const link = (target: string) => ({ link: `<${target}>; rel="next"` });

async function pagesFrom(...replies: Parameters<typeof ScriptedServer.start>) {
  await using server = await ScriptedServer.start(...replies);
  const pages: string[][] = [];
  for await (const page of clientFor(server).client.exports.pages()) pages.push(page.map(({ _id }) => _id));
  return { pages, urls: server.received.map(({ url }) => url) };
}

describe('a list', () => {
  test('that is empty answers 204 and gives no page', async () => {
    expect((await pagesFrom({ status: 204 })).pages).toEqual([]);
  });

  test('gives no page for an empty array or an empty 200 either', async () => {
    expect((await pagesFrom({ json: [] })).pages).toEqual([]);
    expect((await pagesFrom({ status: 200 })).pages).toEqual([]);
  });

  test('follows path and query of the next link at our own address, whatever its host', async () => {
    const { pages, urls } = await pagesFrom(
      { json: [{ _id: 'a' }], headers: link('https://elsewhere.example/v1/exports?after=x%20y&limit=1') },
      { json: [{ _id: 'b' }], headers: link('/v1/exports?after=z') },
      { json: [{ _id: 'c' }] },
    );

    expect(pages).toEqual([['a'], ['b'], ['c']]);
    expect(urls).toEqual([
      '/v1/exports?limit=1000',
      '/v1/exports?after=x%20y&limit=1',
      '/v1/exports?after=z',
    ]);
  });

  test('gives a document once that stands on two pages', async () => {
    const { pages } = await pagesFrom(
      { json: [{ _id: 'a' }, { _id: 'b' }], headers: link('/v1/exports?skip=2') },
      { json: [{ _id: 'b' }, { _id: 'c' }], headers: link('/v1/exports?skip=4') },
      { json: [{ _id: 'c' }] },
    );

    expect(pages).toEqual([['a', 'b'], ['c']]);
  });

  test('that is an object alone is a list of one', async () => {
    expect((await pagesFrom({ json: { _id: 'a', name: 'one' } })).pages).toEqual([['a']]);
  });

  test('whose pages lead in a circle fails', async () => {
    const circle = pagesFrom({ json: [{ _id: 'a' }], headers: link('/v1/exports?skip=1') });

    expect(await rejectionOf(circle)).toMatchObject({ code: 'upstream_failed' });
  });

  test('with an entry that has no id fails: it would be short without saying so', async () => {
    expect(await rejectionOf(pagesFrom({ json: [{ _id: 'a' }, { name: 'b' }] }))).toMatchObject({
      code: 'upstream_failed',
    });
  });

  test('that fails in the middle goes on where it was', async () => {
    const { pages, urls } = await pagesFrom(
      { json: [{ _id: 'a' }], headers: link('/v1/exports?skip=1') },
      { status: 503 },
      { json: [{ _id: 'b' }] },
    );

    expect(pages).toEqual([['a'], ['b']]);
    expect(urls).toHaveLength(3);
  });

  test('asks for the fields named, the page size and what else is wanted', async () => {
    await using server = await ScriptedServer.start({ status: 204 });
    const { client } = clientFor(server, { pageSize: 200 });

    await client.flows.list({ include: ['name', 'http.relativeURI'], query: { includeInstances: 'true' } });

    expect(server.received[0]?.url).toBe(
      '/v1/flows?limit=200&includeInstances=true&include=name,http.relativeURI',
    );
  });

  test('refuses fields that integrator.io would refuse, without a call', async () => {
    await using server = await ScriptedServer.start({ status: 204 });

    const error = await rejectionOf(clientFor(server).client.flows.list({ include: ['a&exclude=b'] }));

    expect(error).toMatchObject({ code: 'invalid_option' });
    expect(server.received).toHaveLength(0);
  });
});

describe('a Link header', () => {
  const next = (header: string | null, base = 'https://api.integrator.io') =>
    nextPath(header, base, '/v1/flows?limit=1');

  test.each([
    ['missing', null, undefined],
    ['without a next one', '</v1/flows?p=1>; rel="prev"', undefined],
    [
      'with several links',
      '</v1/a>; rel="prev", </v1/b?x=1,2>; rel="next", </v1/c>; rel="last"',
      '/v1/b?x=1,2',
    ],
    ['with other parameters first', '</v1/b>; title="x"; rel=next', '/v1/b'],
    ['with several relations', '</v1/b>; rel="last NEXT"', '/v1/b'],
    ['relative to the page', '<?after=2>; rel="next"', '/v1/flows?after=2'],
    ['that is no URL', '<http://[>; rel="next"', undefined],
  ])('%s', (_, header, expected) => {
    expect(next(header)).toBe(expected);
  });

  test('under a base URL with a path', () => {
    const base = 'https://proxy.example/celigo';

    expect(next('<https://proxy.example/celigo/v1/flows?after=2>; rel="next"', base)).toBe(
      '/v1/flows?after=2',
    );
    expect(next('<https://api.integrator.io/v1/flows?after=2>; rel="next"', base)).toBe('/v1/flows?after=2');
  });
});
