import { describe, expect, test } from '@jest/globals';
import { hashOf } from '../../../core/model/canonical.ts';
import type { JsonObject } from '../../../core/model/resource.ts';
import { isUntouched, type MergeSides, mergeCopy } from '../../../core/plan/merging.ts';
import { comparable } from '../../../core/references/index.ts';

const BASE: JsonObject = { name: 'Get', http: { method: 'GET', relativeURI: '/a' } };

function merged(sides: Partial<MergeSides>) {
  return mergeCopy({
    type: 'export',
    base: BASE,
    source: BASE,
    target: BASE,
    policy: 'keep-target',
    patches: [],
    patchesBefore: [],
    untouched: false,
    ...sides,
  });
}

describe('a copy that is merged', () => {
  test('is written over what the target may hold besides: nothing there is erased', () => {
    const target = { ...BASE, isLookup: false, sampleData: '{}', pageSize: 5 };
    const source = { ...BASE, description: 'new', http: { method: 'GET', relativeURI: '/b' } };

    const { bodyOn, applied, kept } = merged({ source, target });

    expect(bodyOn(target)).toEqual({
      ...target,
      description: 'new',
      http: { method: 'GET', relativeURI: '/b' },
    });
    expect([applied, kept]).toEqual([2, 1]);
  });

  test('takes from the source what only a whole document has, such as the id of a new branch', () => {
    const router = (...branches: JsonObject[]): JsonObject => ({
      name: 'Flow',
      routers: [{ id: 'r1', branches }],
    });
    const [one, two] = [
      { name: 'one', branchId: 'source-1' },
      { name: 'two', branchId: 'source-2' },
    ];
    const target = router({ name: 'one', branchId: 'target-1', pageProcessors: [] });

    const { bodyOn } = merged({
      type: 'flow',
      base: router({ name: 'one' }),
      source: router(one, two),
      target,
    });

    expect(bodyOn(target)).toEqual(
      router(
        { name: 'one', branchId: 'target-1', pageProcessors: [] },
        { name: 'two', branchId: 'source-2' },
      ),
    );
  });

  test('lets go of what the source removed, and of nothing else', () => {
    const before = { ...BASE, description: 'old', hooks: { preSavePage: { function: 'f' } } };

    const { bodyOn } = merged({ base: before, source: { ...BASE, hooks: before.hooks }, target: before });

    expect(bodyOn(before)).toEqual({ ...BASE, hooks: before.hooks });
  });

  test('has nothing of a tenant that never touched it, whatever the server added', () => {
    const target = { ...BASE, addedByTheServer: true, http: { method: 'GET', relativeURI: '/a', more: 1 } };
    const source = { ...BASE, description: 'new' };

    const { drift, kept, edited, conflicts, bodyOn } = merged({ source, target, untouched: true });

    expect({ drift, kept, edited, conflicts }).toEqual({
      drift: [{ path: '/description', movedBy: 'source' }],
      kept: 0,
      edited: false,
      conflicts: [],
    });
    expect(bodyOn(target)).toEqual({ ...target, description: 'new' });
  });

  test('that the server changed where the source does now follows the source', () => {
    const target = { ...BASE, name: 'get' };

    const { conflicts, bodyOn } = merged({ source: { ...BASE, name: 'Fetch' }, target, untouched: true });

    expect(conflicts).toEqual([]);
    expect(bodyOn(target)['name']).toBe('Fetch');
  });
});

describe('whether a tenant touched a copy', () => {
  const storedHash = hashOf(comparable('export', BASE));

  test.each([
    ['it is what the last write answered', { storedHash }, BASE, true],
    ['only times and defaults differ', { storedHash }, { ...BASE, lastModified: 'x', isLookup: false }, true],
    ['it has a member more', { storedHash }, { ...BASE, pageSize: 5 }, false],
    ['a sync kept a change in it', { storedHash, edited: true }, BASE, false],
    ['nobody knows what was answered', {}, BASE, false],
    ['it is not in the ledger', undefined, BASE, false],
  ])('when %s', (_, row, document, expected) => {
    expect(isUntouched(row, 'export', document as JsonObject)).toBe(expected);
  });
});

describe('the groups of a merged integration', () => {
  const integration = (...flowGroupings: JsonObject[]): JsonObject => ({ name: 'Orders', flowGroupings });
  const sides = {
    type: 'integration' as const,
    base: integration({ name: 'A' }, { name: 'B' }),
    source: integration({ name: 'A' }, { name: 'C', settings: { at: 3 } }),
    target: integration({ name: 'A', _id: '1' }, { name: 'B', _id: '2', settingsForm: { own: true } }),
  };

  test('keep their ids and what the tenant changed when the source renames them', () => {
    const { bodyOn, applied, kept } = merged(sides);

    expect(bodyOn(sides.target)).toEqual(
      integration(
        { name: 'A', _id: '1' },
        { name: 'C', _id: '2', settings: { at: 3 }, settingsForm: { own: true } },
      ),
    );
    expect([applied, kept]).toEqual([2, 1]);
  });

  test('are as they should be when an earlier try has written them', () => {
    const target = merged(sides).bodyOn(sides.target);

    expect(merged({ ...sides, target, policy: 'take-source' })).toMatchObject({
      changed: false,
      conflicts: [],
      kept: 1,
    });
  });

  test('are not renamed where one was removed as well: which it was, nobody knows', () => {
    const source = integration({ name: 'C' });

    const { bodyOn, drift } = merged({ ...sides, source });

    expect(drift).toEqual([
      { path: '/flowGroupings/1/settingsForm', movedBy: 'target' },
      { path: '/flowGroupings/2', movedBy: 'source' },
    ]);
    expect(bodyOn(sides.target)['flowGroupings']).toEqual([
      { name: 'A', _id: '1' },
      { name: 'B', _id: '2', settingsForm: { own: true } },
      { name: 'C' },
    ]);
  });

  test('are sent without ids of our own where the copy has none left', () => {
    const target = integration();

    const { bodyOn } = merged({
      ...sides,
      source: integration({ name: 'A' }, { name: 'B' }, { name: 'D' }),
      target,
    });

    expect(bodyOn(target)).toEqual(integration({ name: 'D' }));
  });

  test('that both added are one', () => {
    const source = integration({ name: 'A' }, { name: 'B' }, { name: 'D' });
    const target = integration({ name: 'A', _id: '1' }, { name: 'B', _id: '2' }, { name: 'D', _id: '4' });

    expect(merged({ ...sides, source, target })).toMatchObject({ changed: false, kept: 0, drift: [] });
  });

  test('are two where the copy has one of the new name already', () => {
    const target = integration({ name: 'A', _id: '1' }, { name: 'B', _id: '2' }, { name: 'C', _id: '3' });

    const { bodyOn, applied, drift } = merged({ ...sides, target, policy: 'take-source' });

    expect(drift).toEqual([{ path: '/flowGroupings/2/settings', movedBy: 'source' }]);
    expect(applied).toBe(1);
    expect(bodyOn(target)).toEqual(
      integration(
        { name: 'A', _id: '1' },
        { name: 'B', _id: '2' },
        { name: 'C', _id: '3', settings: { at: 3 } },
      ),
    );
  });
});
