import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cloneRequest } from '../../../core/model/request.ts';
import type { Json, JsonObject } from '../../../core/model/resource.ts';
import { numbers, shuffled } from '../plan/shuffled.ts';
import { graphs } from './graphs.ts';
import { cloned, type Documents, startWorld, type World } from './world.ts';

/** Runs are whole clones into a sandbox: few of them, and other ones each time. A failure tells its seed. */
const RUNS = { numRuns: 8 };

const NEVER: ReadonlySet<string> = new Set(['externalId', 'id', 'branchId', 'nextRouterId']);
const OWN_TO_THE_TARGET: ReadonlySet<string> = new Set([
  '_id',
  'createdAt',
  'lastModified',
  'disabled',
  'sampleData',
  'apiIdentifier',
  'asynchronous',
  'responseMapping',
  'autoResolveMatchingTraceKeys',
  '_registeredConnectionIds',
  '_flowGroupingId',
  'flowGroupings',
  'aliases',
]);

/** The copy one would write by hand: every id as a word of its own replaced, all else as it is. */
function rewritten(value: Json | undefined, idMap: Readonly<Record<string, string>>): Json | undefined {
  if (typeof value === 'string') {
    return value.replace(/(?<![0-9A-Za-z])[0-9a-f]{24}(?![0-9A-Za-z])/g, (id) => idMap[id] ?? id);
  }
  if (Array.isArray(value)) return value.map((element) => rewritten(element, idMap) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      NEVER.has(name) ? member : rewritten(member, idMap),
    ]),
  );
}

/** Without what is the target's own, and without what says nothing. */
function plain(value: JsonObject): Json {
  const text = JSON.stringify(value, (name, member: unknown) => {
    const isEmpty = member === null || (Array.isArray(member) && member.length === 0);
    return OWN_TO_THE_TARGET.has(name) || isEmpty ? undefined : member;
  });
  return JSON.parse(text) as Json;
}

function expectFaithful(world: World, documents: Documents, idMap: Readonly<Record<string, string>>): void {
  for (const [collection, originals] of Object.entries(documents)) {
    if (collection === 'connections') continue;
    const copies = world.target(collection);
    for (const original of originals) {
      const copy = copies.find(({ _id }) => _id === idMap[original._id]);
      if (!(original._id in idMap)) continue;
      if (copy === undefined) throw new Error(`There is no copy of ${original._id}`);
      const expected = plain(rewritten(original, idMap) as JsonObject) as JsonObject;
      const actual = plain(copy) as JsonObject;
      if (collection === 'flows' && original['_integrationId'] === null) delete actual['_integrationId'];
      expect(actual).toEqual(expected);
      const text = JSON.stringify(copy, (name, member: unknown) => (NEVER.has(name) ? undefined : member));
      for (const id of Object.keys(idMap)) {
        expect(text).not.toMatch(new RegExp(`(?<![0-9A-Za-z])${id}(?![0-9A-Za-z])`));
      }
    }
  }
}

describe('Whatever the graph', () => {
  test('it is copied whole and once, every id of the source is gone, and all else is untouched', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (documents) => {
        await using world = await startWorld(documents);

        const state = await cloned(world, world.request());

        const idMap = state.idMap ?? {};
        expectFaithful(world, documents, idMap);
        const made = Object.values(state.plan?.counts ?? {}).reduce((sum, count) => sum + count, 0);
        expect(made).toBe(Object.keys(idMap).length);
        expect(new Set(Object.values(idMap)).size).toBe(Object.keys(idMap).length);
        expect(world.target('flows').filter(({ disabled }) => disabled !== true)).toEqual([]);
        expect(world.sandbox.calls('blueprint').filter(({ method }) => method !== 'GET')).toEqual([]);
      }),
      RUNS,
    );
  }, 60_000);

  test('a second clone writes nothing, and neither does one of a part of it', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (documents) => {
        await using world = await startWorld(documents);
        const first = await cloned(world, world.request());
        world.sandbox.resetCalls();

        const second = await cloned(world, world.request());

        expect(world.writes()).toEqual([]);
        expect(second.idMap).toEqual(first.idMap);
      }),
      RUNS,
    );
  }, 60_000);

  test('its plan is the same whatever order the reads come back in', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, fc.nat(), async (documents, seed) => {
        await using world = await startWorld(documents);
        const request = cloneRequest.parse(world.request());
        const straight = await world.engine.planOnly(world.ports, request);
        const random = numbers(seed);
        const accounts: typeof world.ports.accounts = {
          open: async (name, options) => shuffled(await world.ports.accounts.open(name, options), random),
        };

        const other = await world.engine.planOnly({ ...world.ports, accounts }, request);

        expect({ ...other, stats: straight.stats }).toEqual(straight);
      }),
      RUNS,
    );
  }, 60_000);

  test('it is put right again when somebody deleted any of the copies', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, fc.nat(), async (documents, pick) => {
        await using world = await startWorld(documents);
        const first = await cloned(world, world.request());
        const made = Object.entries(documents)
          .flatMap(([collection, originals]) =>
            originals.map(({ _id }) => ({ collection, id: first.idMap?.[_id] })),
          )
          .filter(({ collection, id }) => collection !== 'connections' && id !== undefined);
        const gone = made[pick % made.length];
        world.sandbox.remove('acme', gone?.collection ?? '', gone?.id ?? '');

        const second = await cloned(world, world.request());

        expectFaithful(world, documents, second.idMap ?? {});
        expect(JSON.stringify(world.sandbox.documents('acme'))).not.toContain(gone?.id);
        world.sandbox.resetCalls();
        await cloned(world, world.request());
        expect(world.writes()).toEqual([]);
      }),
      RUNS,
    );
  }, 60_000);
});
