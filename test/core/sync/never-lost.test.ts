import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { get, set } from '../../../core/model/pointer.ts';
import type { Json, JsonObject } from '../../../core/model/resource.ts';
import { IDS } from '../../support/blueprint.ts';
import { type Edit, edited, edits } from '../merge/arbitraries.ts';
import { definition, one, useWorld } from './world.ts';

const world = useWorld();

/** Places that both sides may write to, one value each. */
const PLACES = [
  { collection: 'exports', name: 'Get orders', pointer: '/http/relativeURI' },
  { collection: 'exports', name: 'Get orders', pointer: '/description' },
  { collection: 'exports', name: 'Get orders', pointer: '/delta/dateField' },
  { collection: 'imports', name: 'Post orders', pointer: '/mapping/fields/0/extract' },
  { collection: 'imports', name: 'Post orders', pointer: '/lookups/0/default' },
  { collection: 'flows', name: 'Orders by night', pointer: '/schedule' },
  {
    collection: 'flows',
    name: 'Orders by night',
    pointer: '/pageProcessors/0/responseMapping/fields/0/extract',
  },
  { collection: 'flows', name: 'Orders by branch', pointer: '/routers/0/branches/0/description' },
  { collection: 'scripts', name: 'Choose branch', pointer: '/content' },
  { collection: 'integrations', name: 'Orders', pointer: '/description' },
] as const;

const SCHEDULES = ['? 0 1 ? * *', '? 0 2 ? * *', '? 0 3 ? * *'];
const WORDS = ['one', 'two', 'three'];

const value = (place: number, pick: number): string =>
  (PLACES[place]?.pointer === '/schedule' ? SCHEDULES : WORDS)[pick] ?? '';

/** What each side writes before a run: by place, one of three values. */
const moves = fc.dictionary(fc.constantFrom(...PLACES.keys()).map(String), fc.integer({ min: 0, max: 2 }), {
  maxKeys: PLACES.length,
});
const rounds = fc.array(fc.record({ source: moves, tenant: moves }), { minLength: 2, maxLength: 3 });

function write(account: string, place: number, written: string): void {
  const { collection, name, pointer } = PLACES[place] as (typeof PLACES)[number];
  world.edit(
    collection,
    name,
    (document) => Object.assign(document, set(document as Json, pointer, written) as JsonObject),
    account,
  );
}

function read(account: string, place: number): Json | undefined {
  const { collection, name, pointer } = PLACES[place] as (typeof PLACES)[number];
  return get(world.named(collection, name, account) as Json, pointer);
}

test('whatever both sides do, the tenant loses nothing it wrote, and gets all it did not', async () => {
  await world.step(definition({ onConflict: 'keep-target' }));
  const base = PLACES.map((_, place) => read('blueprint', place));

  await fc.assert(
    fc.asyncProperty(rounds, async (history) => {
      for (const { source, tenant } of history) {
        for (const [place, pick] of Object.entries(source))
          write('blueprint', Number(place), value(Number(place), pick));
        for (const [place, pick] of Object.entries(tenant))
          write('acme', Number(place), value(Number(place), pick));
        const now = PLACES.map((_, place) => read('blueprint', place));
        const theirs = PLACES.map((_, place) => read('acme', place));
        // The tenant has moved where it is not where the source was when the last run saw it.
        const expected = PLACES.map((_, place) =>
          theirs[place] === base[place] ? now[place] : theirs[place],
        );

        const result = one(await world.sync.run());

        expect(result.error).toBeUndefined();
        expect(PLACES.map((_, place) => read('acme', place))).toEqual(expected);
        now.forEach((one, place) => {
          base[place] = one;
        });
      }
    }),
    { numRuns: 12 },
  );
}, 60_000);

/** Lists whose elements both sides add, change, move and remove, and what tells these apart. */
const LISTS = [
  { collection: 'imports', name: 'Post orders', list: 'fields', key: 'generate' },
  { collection: 'flows', name: 'Orders by night', list: 'pageProcessors', key: '_importId' },
] as const;

/** In both accounts the steps that the edits name stand for the same resources. */
const STEPS = ['Post orders', 'Feed orders', 'Archive orders'];
const LETTERS = ['p', 'q', 'r', 's', 't'];

type Lists = { description?: Json; fields: JsonObject[]; pageProcessors: JsonObject[] };

/** What an account holds of the lists, with steps by letters. */
function listsOf(account: string): Lists & JsonObject {
  const step = world.named('imports', 'Post orders', account);
  const flow = world.named('flows', 'Orders by night', account);
  const letters = new Map(
    STEPS.map((name, index) => [world.named('imports', name, account)._id, LETTERS[index]]),
  );
  const { fields } = step['mapping'] as unknown as Lists;
  const steps = (flow['pageProcessors'] ?? []) as JsonObject[];
  return {
    ...(step['description'] === undefined ? {} : { description: step['description'] }),
    fields: fields.map(({ generate = null, extract = null }) => ({ generate, extract })),
    pageProcessors: steps.flatMap(({ _importId, description }) => {
      const letter = letters.get(String(_importId));
      return letter === undefined ? [] : [{ _importId: letter, extract: description ?? null }];
    }),
  };
}

function rewrite(account: string, changes: readonly Edit[]): void {
  const { description, fields, pageProcessors } = edited(listsOf(account), changes) as Lists & JsonObject;
  const ids = new Map(
    STEPS.map((name, index) => [LETTERS[index], world.named('imports', name, account)._id]),
  );
  world.edit(
    'imports',
    'Post orders',
    (step) => {
      step['mapping'] = { fields, lists: [] };
      if (description === undefined) delete step['description'];
      else step['description'] = description;
    },
    account,
  );
  world.edit(
    'flows',
    'Orders by night',
    (flow) => {
      flow['pageProcessors'] = pageProcessors.flatMap(({ _importId, extract }) => {
        const id = ids.get(String(_importId));
        return id === undefined ? [] : [{ type: 'import', _importId: id, description: extract ?? null }];
      });
    },
    account,
  );
}

test('of a list, too, the tenant loses no element that it alone touched, and an idle run does nothing', async () => {
  await world.step(definition({ source: { account: 'blueprint', integrationIds: [IDS.integration] } }));
  const some = fc.tuple(...LISTS.map(({ list, key }) => edits(list, key))).map((each) => each.flat());
  const history = fc.array(fc.record({ source: some, tenant: some }), { minLength: 2, maxLength: 4 });
  let before = listsOf('blueprint');

  await fc.assert(
    fc.asyncProperty(history, async (rounds) => {
      for (const { source, tenant } of rounds) {
        rewrite('blueprint', source);
        rewrite('acme', tenant);
        const [now, theirs] = [listsOf('blueprint'), listsOf('acme')];

        const result = one(await world.sync.run());
        const after = listsOf('acme');
        const idle = one(await world.sync.run());

        expect(result.error).toBeUndefined();
        expect(after['description']).toEqual(
          before['description'] === theirs['description'] ? now['description'] : theirs['description'],
        );
        for (const { list, key } of LISTS) {
          const of = (lists: Lists): Map<unknown, JsonObject> =>
            new Map(lists[list].map((element) => [element[key], element]));
          for (const id of LETTERS) {
            const [was, is, own] = [before, now, theirs].map((lists) => of(lists).get(id));
            // Of an element that both changed the tenant's changes stay; others may come to it.
            if (isDeepStrictEqual(was, is)) expect(of(after).get(id)).toEqual(own);
            if (isDeepStrictEqual(was, own)) expect(of(after).get(id)).toEqual(is);
          }
          if (isDeepStrictEqual(before[list], now[list])) expect(after[list]).toEqual(theirs[list]);
        }
        expect(idle).toMatchObject({ status: 'in-step', applied: 0, conflicts: [] });
        expect(listsOf('acme')).toEqual(after);
        before = now;
      }
    }),
    { numRuns: 12 },
  );
}, 60_000);
