import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Called, Caller } from '../../../adapters/integrator/caller.ts';
import { type Pages, pagesOf } from '../../../adapters/integrator/paging.ts';
import type { Document } from '../../../core/model/resource.ts';

const PATH = '/v1/exports?limit=2';

/** One page as a server has it. */
interface Stored {
  ids: string[];
  next?: string | undefined;
}

/** A server of pages by path that answers when it is told to, in any order. */
class Shelf {
  readonly asked: string[] = [];
  readonly #pages: ReadonlyMap<string, Stored>;
  readonly #waiting: { path: string; answer: () => void }[] = [];

  constructor(pages: Record<string, Stored>) {
    this.#pages = new Map(Object.entries(pages));
  }

  readonly caller: Pick<Caller, 'call'> = {
    call: <T>({ path }: { path: string }) =>
      new Promise<Called<T>>((resolve, reject) => {
        this.asked.push(path);
        this.#waiting.push({
          path,
          answer: () => {
            const page = this.#pages.get(path);
            if (page === undefined) return reject(new Error(`there is no page ${path}`));
            const link =
              page.next === undefined ? null : `<https://elsewhere.example${page.next}>; rel="next"`;
            const value = page.ids.map((_id): Document => ({ _id })) as T;
            resolve({ value, headers: { get: (name) => (name === 'link' ? link : null) } });
          },
        });
      }),
  };

  /** Answers all that was asked, newest first where `isReversed`, until nothing more comes. */
  async answerAll(isReversed = false): Promise<void> {
    for (let quiet = 0; quiet < 20; quiet += 1) {
      await Promise.resolve();
      if (this.#waiting.length === 0) continue;
      quiet = 0;
      (isReversed ? this.#waiting.pop() : this.#waiting.shift())?.answer();
    }
  }
}

/** Pages of two documents each, by `skip`, up to so many documents. */
function counted(documents: number): Record<string, Stored> {
  const pages: Record<string, Stored> = {};
  for (let skip = 0; skip < documents; skip += 2) {
    const ids = [skip, skip + 1].filter((number) => number < documents).map(String);
    const next = skip + 2 < documents ? `${PATH}&skip=${skip + 2}` : undefined;
    pages[skip === 0 ? PATH : `${PATH}&skip=${skip}`] = { ids, next };
  }
  return pages;
}

/** The first page, and then so many at once; ids, or why there is no page. */
async function firstAndThen(shelf: Shelf, more: number, isReversed = false): Promise<(string[] | string)[]> {
  const pages: Pages = pagesOf(shelf.caller, 'https://api.integrator.io', PATH);
  const taken = (page: ReturnType<Pages['next']>): Promise<string[] | string> =>
    page.then(
      ({ done, value }) => (done === true ? 'done' : value.map(({ _id }) => _id)),
      (error: unknown) => String(error),
    );
  const first = taken(pages.next());
  await shelf.answerAll();
  const rest = Array.from({ length: more }, () => taken(pages.next()));
  await shelf.answerAll(isReversed);
  return Promise.all([first, ...rest]);
}

describe('several pages asked for at once', () => {
  test('are asked for beside each other where the list counts them, and come in order', async () => {
    const shelf = new Shelf(counted(8));
    const pages: Pages = pagesOf(shelf.caller, 'https://api.integrator.io', PATH);
    const first = pages.next();
    await shelf.answerAll();
    await first;
    shelf.asked.length = 0;

    const rest = [pages.next(), pages.next(), pages.next()];

    expect(shelf.asked).toEqual([`${PATH}&skip=2`, `${PATH}&skip=4`, `${PATH}&skip=6`]);
    await shelf.answerAll(true);
    expect((await Promise.all(rest)).map(({ value }) => value?.map(({ _id }) => _id))).toEqual([
      ['2', '3'],
      ['4', '5'],
      ['6', '7'],
    ]);
  });

  test('come one after the other where the next address is opaque', async () => {
    const shelf = new Shelf({
      [PATH]: { ids: ['a', 'b'], next: `${PATH}&after=QWx` },
      [`${PATH}&after=QWx`]: { ids: ['c', 'd'], next: `${PATH}&after=7` },
      [`${PATH}&after=7`]: { ids: ['e'] },
    });

    expect(await firstAndThen(shelf, 3)).toEqual([['a', 'b'], ['c', 'd'], ['e'], 'done']);
    expect(shelf.asked).toEqual([PATH, `${PATH}&after=QWx`, `${PATH}&after=7`]);
  });

  test('are the pages that are linked to, whatever was guessed', async () => {
    const shelf = new Shelf({
      [PATH]: { ids: ['a', 'b'], next: `${PATH}&skip=2` },
      [`${PATH}&skip=2`]: { ids: ['c'], next: `${PATH}&skip=3` },
      [`${PATH}&skip=3`]: { ids: ['d', 'e'] },
      [`${PATH}&skip=4`]: { ids: ['e'] },
    });

    expect(await firstAndThen(shelf, 3, true)).toEqual([['a', 'b'], ['c'], ['d', 'e'], 'done']);
    expect(shelf.asked).toContain(`${PATH}&skip=4`);
  });

  test('behind the last one are no pages, whatever the server says of them', async () => {
    const shelf = new Shelf(counted(3));

    expect(await firstAndThen(shelf, 3)).toEqual([['0', '1'], ['2'], 'done', 'done']);
  });

  test('fail where one of them fails, and the list is over', async () => {
    const pages = counted(8);
    delete pages[`${PATH}&skip=4`];

    expect(await firstAndThen(new Shelf(pages), 3)).toEqual([
      ['0', '1'],
      ['2', '3'],
      `Error: there is no page ${PATH}&skip=4`,
      'done',
    ]);
  });

  test('are what they would be one after the other', async () => {
    const page = fc.record({
      ids: fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 2 }),
      next: fc.option(
        fc.integer({ min: 0, max: 8 }).map((skip) => `${PATH}&skip=${skip}`),
        { nil: undefined },
      ),
    });
    const shelves = fc.tuple(page, fc.array(page, { minLength: 9, maxLength: 9 })).map(([first, rest]) => ({
      [PATH]: first,
      ...Object.fromEntries(rest.map((one, skip) => [`${PATH}&skip=${skip}`, one])),
    }));
    await fc.assert(
      fc.asyncProperty(shelves, fc.boolean(), async (pages, isReversed) => {
        const alone: (string[] | string)[] = [];
        const shelf = new Shelf(pages);
        const list = pagesOf(shelf.caller, 'https://api.integrator.io', PATH);
        for (let count = 0; count < 5; count += 1) {
          const next = list.next().then(
            ({ done, value }) => alone.push(done === true ? 'done' : value.map(({ _id }) => _id)),
            (error: unknown) => alone.push(String(error)),
          );
          await shelf.answerAll();
          await next;
        }

        expect(await firstAndThen(new Shelf(pages), 4, isReversed)).toEqual(alone);
      }),
      { numRuns: 300 },
    );
  });
});
