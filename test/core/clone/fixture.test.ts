import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CloneState } from '../../../core/model/clone.ts';
import type { CloneRequestInput } from '../../../core/model/request.ts';
import { type Document, typeOfCollection } from '../../../core/model/resource.ts';
import { forCreate, REFERENCES } from '../../../core/references/index.ts';
import { type Harness, startHarness } from '../../support/harness.ts';
import { type Planted, plant } from '../references/fixture.ts';
import { idOf } from '../references/ids.ts';
import { valueAt } from '../references/values.ts';

/** What the target has in the place of something that is never cloned. */
const theirs = (id: string): string => `71aa${id.slice(4)}`;
const UNCLONED = ['topic', 'storage', 'agentgroup', 'mcpoauthprovider'] as const;

const { account, planted } = plant();
const documentsOf = (collection: string): Document[] => account[collection] ?? [];
// Every connection is needed by something, so that stubs are made of them all.
const [linear] = documentsOf('flows');
if (linear)
  linear['settings'] = { all: documentsOf('connections').map(({ _id }) => ({ _connectionId: _id })) };

/** Every id in a document that stands for itself, whatever surrounds it. */
function idsIn(document: unknown): Set<string> {
  return new Set(JSON.stringify(document).match(/[0-9a-f]{24}/g));
}

async function start(): Promise<Harness> {
  const theirDocuments = (collection: string): Document[] =>
    documentsOf(collection).map(({ _id, name, type }) => ({ _id: theirs(_id), name, type }));
  return startHarness({
    accounts: [
      { name: 'blueprint', token: 'source-token', userId: '5'.repeat(24), documents: account },
      {
        name: 'acme',
        token: 'target-token',
        userId: '6'.repeat(24),
        documents: {
          integrations: [{ _id: 'a1'.repeat(12), name: 'Standalone flows' }],
          ...Object.fromEntries(
            ['connections', 'iclients', 'stacks', 'agents', 'apis'].map((collection) => [
              collection,
              theirDocuments(collection),
            ]),
          ),
        },
      },
    ],
  });
}

function requestFor(connections: 'mapped' | 'stub'): CloneRequestInput {
  const mapOf = (ids: string[]): Record<string, string> =>
    Object.fromEntries(ids.map((id) => [id, theirs(id)]));
  const idsOf = (collection: string): string[] => documentsOf(collection).map(({ _id }) => _id);
  return {
    source: { account: 'blueprint', flowIds: idsOf('flows') },
    target: { account: 'acme' },
    connections,
    connectionMap: connections === 'mapped' ? mapOf(idsOf('connections')) : {},
    idMap: mapOf([
      ...['iclients', 'stacks', 'agents', 'apis'].flatMap(idsOf),
      ...UNCLONED.map((kind) => idOf(kind)),
    ]),
  };
}

/** What a row's value should be in the copy; `undefined`: anything but what it was. */
function expectedOf({ row, collection, documentId, pointer, value }: Planted, state: CloneState): unknown {
  const document = documentsOf(collection).find(({ _id }) => _id === documentId);
  const type = typeOfCollection(collection);
  if (document === undefined || type === undefined)
    throw new Error(`There is no ${collection} ${documentId}`);
  const travels = valueAt(forCreate(type, document, { copySampleData: false }), pointer) !== undefined;
  // The server drops the stack of a step: its connection names it.
  const isKept =
    travels && !(row.path === 'wrapper._stackId' && type !== 'connection') && row.kind !== 'inside';
  if (!isKept) return undefined;
  return row.kind === 'never' ? value : state.idMap?.[value];
}

describe.each(['mapped', 'stub'] as const)(
  'An account with every row of the table, connections %s',
  (mode) => {
    let harness: Harness;
    let state: CloneState;
    let before: string;
    /** Rows in documents that are copied; APIs never are, connections only as stubs. */
    const copied = planted.filter(
      ({ collection }) => collection !== 'apis' && (collection !== 'connections' || mode === 'stub'),
    );

    beforeAll(async () => {
      harness = await start();
      before = JSON.stringify(harness.sandbox.documents('blueprint'));
      state = await harness.clone(requestFor(mode));
    });
    afterAll(() => harness.close());

    const copyOf = (sourceId: string): Document | undefined =>
      harness.sandbox.documents('acme').find(({ _id }) => _id === state.idMap?.[sourceId]) as Document;

    test('has no row without a place in the fixture', () => {
      const covered = new Set(planted.map(({ row }) => row));

      expect(REFERENCES.filter((row) => row.path !== '_id' && !covered.has(row))).toEqual([]);
    });

    test('is cloned', () => {
      expect(state.errors).toEqual([]);
      expect(state.status).toBe(mode === 'mapped' ? 'succeeded' : 'waiting');
    });

    test('has every row remapped, or kept as it is where it is never one', () => {
      const wrong = copied.flatMap((place) => {
        const expected = expectedOf(place, state);
        const actual = valueAt(copyOf(place.documentId), place.pointer);
        const isRight = expected === undefined ? actual !== place.value : actual === expected;
        return isRight
          ? []
          : [{ in: place.row.in, path: place.row.path, at: place.pointer, expected, actual }];
      });

      expect(wrong).toEqual([]);
    });

    test('keeps no id of the source but in places that are never references', () => {
      const kept = new Set(planted.flatMap(({ row, value }) => (row.kind === 'never' ? [value] : [])));
      const closure = new Set(Object.keys(state.idMap ?? {}));
      const left = harness.sandbox
        .documents('acme')
        .flatMap((document) => [...idsIn(document)].map((id) => ({ in: document._id, id })))
        .filter(({ id }) => closure.has(id) && !kept.has(id));

      expect(left).toEqual([]);
    });

    test('puts grouped flows into the group of the same name', () => {
      const flow = copyOf(idOf('flow'));
      const groups = copyOf(idOf('integration'))?.['flowGroupings'] as Document[];

      expect(groups.map(({ name }) => name)).toEqual(['Nightly']);
      expect(flow?.['_flowGroupingId']).toBe(groups[0]?._id);
    });

    test('is written to only in the target', () => {
      expect(JSON.stringify(harness.sandbox.documents('blueprint'))).toBe(before);
      expect(harness.sandbox.calls('blueprint').filter(({ method }) => method !== 'GET')).toEqual([]);
    });

    test('is not written again by a second clone', async () => {
      harness.sandbox.resetCalls();

      const second = await harness.clone(requestFor(mode));

      const isPing = (path: string): boolean => path.endsWith('/ping');
      const writes = harness.sandbox
        .calls('acme')
        .filter(({ method, path }) => method !== 'GET' && !isPing(path));
      expect(second.plan?.counts).toMatchObject({ create: 0, update: 0 });
      expect(second.idMap).toEqual(state.idMap);
      expect(writes).toEqual([]);
    });
  },
);
