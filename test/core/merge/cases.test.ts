import { describe, expect, test } from '@jest/globals';
import { type MergeResult, merge } from '../../../core/merge/index.ts';
import { CASES } from './cases.ts';

describe('Three-way cases', () => {
  test.each(CASES)(
    '$name',
    ({ type, base, source, target, policy = 'keep-target', tenantPaths, ...expected }) => {
      const before = structuredClone({ base, source, target });

      const { document, changed, ...moved } = merge({ type, base, source, target, policy, tenantPaths });

      expect(document).toEqual(expected.document);
      expect(Object.keys(document).sort()).toEqual(Object.keys(expected.document).sort());
      expect(linesOf(moved)).toEqual([...expected.moves].sort());
      expect(changed).toBe(moved.applied.length > 0);
      expect({ base, source, target }).toEqual(before);
    },
  );

  test('What is no JSON Pointer is refused, in the tenant’s paths and in the policy', () => {
    const sides = { base: { name: 'a' }, source: { name: 'b' }, target: { name: 'c' } };
    const refusal = expect.objectContaining({ code: 'invalid_pointer' });

    expect(() => merge({ type: 'flow', ...sides, policy: 'fail', tenantPaths: ['name'] })).toThrow(refusal);
    expect(() =>
      merge({ type: 'flow', ...sides, policy: [{ type: 'flow', path: 'name', policy: 'fail' }] }),
    ).toThrow(refusal);
  });

  test('The whole document can be the tenant’s own', () => {
    const sides = { base: { name: 'a' }, source: { name: 'b', pageSize: 1 }, target: { name: 'a' } };

    expect(merge({ type: 'export', ...sides, policy: 'take-source', tenantPaths: [''] })).toEqual({
      document: { name: 'a' },
      changed: false,
      applied: [],
      kept: [{ path: '', kind: 'changed' }],
      conflicts: [],
      drift: [{ path: '', movedBy: 'target' }],
    });
  });

  test('There is one name for each case, and more than forty of them', () => {
    expect(new Set(CASES.map((one) => one.name)).size).toBe(CASES.length);
    expect(CASES.length).toBeGreaterThanOrEqual(40);
  });
});

/** Everything a merge says of what moved, as lines; every entry of all four lists is in exactly one of them. */
function linesOf({ applied, kept, conflicts, drift }: Omit<MergeResult, 'document' | 'changed'>): string[] {
  const rest = { applied: [...applied], kept: [...kept], conflicts: [...conflicts] };
  const take = <Entry extends { path: string }>(entries: Entry[], path: string): Entry => {
    const index = entries.findIndex((entry) => entry.path === path);
    const [entry] = index < 0 ? [] : entries.splice(index, 1);
    if (entry === undefined) throw new Error(`drift names ${path}, but nothing else does`);
    return entry;
  };
  // Conflicts first: a conflict and a change of one side may have the same path, an array and its order.
  const lines = [...drift]
    .sort((a, b) => a.movedBy.localeCompare(b.movedBy))
    .map(({ path, movedBy }) => {
      if (movedBy === 'source') return `source ${take(rest.applied, path).kind} ${path}`;
      if (movedBy === 'target') return `target ${take(rest.kept, path).kind} ${path}`;
      const { resolution } = take(rest.conflicts, path);
      if (resolution === 'failed') return `both ${path} failed`;
      const { kind } = take(resolution === 'take-source' ? rest.applied : rest.kept, path);
      return `both ${path} ${resolution} ${kind}`;
    });
  expect(rest).toEqual({ applied: [], kept: [], conflicts: [] });
  return lines.sort();
}
