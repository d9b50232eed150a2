import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { JsonObject } from '../../../core/model/resource.ts';
import { type MergedCopy, mergeCopy } from '../../../core/plan/merging.ts';
import { mergeable } from '../../../core/references/index.ts';

const edit = fc.record({
  does: fc.constantFrom('add', 'remove', 'rename', 'change', 'move'),
  at: fc.nat(5),
  name: fc.constantFrom(...'pqrstu'),
  value: fc.constantFrom(1, 2),
});
type Edit = typeof edit extends fc.Arbitrary<infer Made> ? Made : never;

function regrouped(groups: readonly JsonObject[], { does, at, name, value }: Edit): JsonObject[] {
  const isNew = groups.every((group) => group['name'] !== name);
  const group = groups[at];
  if (does === 'add') return isNew ? [...groups, { name }] : [...groups];
  if (group === undefined || (does === 'rename' && !isNew)) return [...groups];
  const others = groups.toSpliced(at, 1);
  if (does === 'remove') return others;
  if (does === 'move') return [...others, group];
  return groups.with(at, does === 'rename' ? { ...group, name } : { ...group, settings: { value } });
}

function groupsOf(integration: JsonObject): JsonObject[] {
  return (integration['flowGroupings'] ?? []) as JsonObject[];
}

const idsOf = (integration: JsonObject) => groupsOf(integration).map(({ _id }) => _id);

test('A flow group keeps its id through all runs, none of the target goes, and an idle run finds nothing to do', () => {
  const moves = fc.array(edit, { maxLength: 3 });
  const history = fc.array(fc.record({ source: moves, tenant: moves }), { maxLength: 5 });
  const start = { name: 'Orders', flowGroupings: [{ name: 'p' }, { name: 'q' }, { name: 'r' }] };
  let made = 0;
  /** As the server stores it. */
  const stored = (integration: JsonObject): JsonObject => ({
    ...integration,
    flowGroupings: groupsOf(integration).map((group) => ({ ...group, _id: group['_id'] ?? `id ${made++}` })),
  });

  fc.assert(
    fc.property(
      history,
      fc.constantFrom('keep-target' as const, 'take-source' as const),
      (rounds, policy) => {
        let source: JsonObject = start;
        let base = mergeable('integration', source);
        let target = stored(source);
        let disputed: MergedCopy['disputed'];
        const run = (): MergedCopy =>
          mergeCopy({
            ...{ type: 'integration', policy, base, source, target, disputed },
            ...{ patches: [], patchesBefore: [], untouched: false },
          });
        for (const moved of rounds) {
          source = { ...source, flowGroupings: moved.source.reduce(regrouped, groupsOf(source)) };
          target = stored({ ...target, flowGroupings: moved.tenant.reduce(regrouped, groupsOf(target)) });
          const merged = run();
          const body = merged.bodyOn(target);
          const outcome = stored(body);
          // What has no id yet gets it from the server alone.
          expect(idsOf(body).filter((id) => id !== undefined)).toEqual(
            idsOf(outcome).filter((id) => idsOf(target).includes(id)),
          );
          expect(idsOf(outcome)).toEqual(expect.arrayContaining(idsOf(target)));
          expect(new Set(groupsOf(outcome).map(({ name }) => name)).size).toBe(idsOf(outcome).length);
          if (moved.source.length === 0) expect(outcome).toEqual(target);
          [base, target, disputed] = [mergeable('integration', merged.source), outcome, merged.disputed];
          const idle = run();
          expect(idle).toMatchObject({ changed: false, applied: 0, conflicts: [] });
          [base, disputed] = [mergeable('integration', idle.source), idle.disputed];
        }
      },
    ),
    { numRuns: 500 },
  );
});
