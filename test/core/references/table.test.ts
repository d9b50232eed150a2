import { describe, expect, test } from '@jest/globals';
import { RESOURCE_TYPES, typeOfCollection } from '../../../core/model/resource.ts';
import { REFERENCES, referencesOf, rewrite } from '../../../core/references/index.ts';
import { plant } from './fixture.ts';
import { mapped } from './ids.ts';
import { valueAt } from './values.ts';

describe('The reference table', () => {
  test('has no two rows for one place', () => {
    const places = REFERENCES.map((row) => `${row.in} ${row.path} ${JSON.stringify(row.when)}`);

    expect(new Set(places).size).toBe(places.length);
  });

  test('leaves out elements only where a row stands in a list', () => {
    const wrong = REFERENCES.filter((row) => row.omit === 'element' && !row.path.includes('[]'));

    expect(wrong).toEqual([]);
  });

  test('maps, and never clones, connections, iclients, stacks and agents', () => {
    const kinds = (to: string) => new Set(REFERENCES.filter((row) => row.to === to).map((row) => row.kind));

    expect(kinds('connection')).toEqual(new Set(['mapped', 'alias']));
    expect(kinds('iclient')).toEqual(new Set(['mapped']));
    expect(kinds('stack')).toEqual(new Set(['mapped', 'alias']));
    expect(kinds('agent')).toEqual(new Set(['mapped']));
  });

  test('has a fixture for every row', () => {
    const { planted } = plant();
    const rows = new Set(planted.map(({ row }) => row));

    // A document's own id is in each of them anyway.
    const without = REFERENCES.filter((row) => !rows.has(row)).map((row) => row.path);
    expect(without).toEqual(['_id']);
  });

  const { account, planted } = plant();
  test.each(planted.map((place) => [`${place.row.in} ${place.row.path}`, place] as const))(
    'treats %s as its row says',
    (_, { row, collection, documentId, pointer, value }) => {
      const type = typeOfCollection(collection);
      const document = account[collection]?.find((candidate) => candidate._id === documentId);
      if (type === undefined || document === undefined) throw new Error('The fixture lacks it');

      const found = referencesOf(type, document).find((reference) => reference.pointer === pointer);
      const result = rewrite(type, document, (id) => mapped(id)).document;

      if (row.kind === 'never') {
        expect(found).toBeUndefined();
        expect(valueAt(result, pointer)).toBe(value);
      } else {
        expect(found).toMatchObject({ row, to: row.to, id: value, valid: true });
        expect(valueAt(result, pointer)).toBe(mapped(value));
      }
    },
  );

  test('names only targets that the fixture has, where they are resource types', () => {
    const ids = new Set(Object.values(account).flatMap((documents) => documents.map(({ _id }) => _id)));
    const dangling = Object.entries(account).flatMap(([collection, documents]) =>
      documents.flatMap((document) => {
        const type = typeOfCollection(collection);
        if (type === undefined) throw new Error(collection);
        return referencesOf(type, document).filter(
          ({ to, id }) => RESOURCE_TYPES.some((known) => known === to) && !ids.has(String(id)),
        );
      }),
    );

    expect(dangling).toEqual([]);
  });
});
