import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { get, set } from '../../../core/model/pointer.ts';
import type { Json, JsonObject } from '../../../core/model/resource.ts';
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
