import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { diff, equal, merge, type PathChange, type Policy } from '../../../core/merge/index.ts';
import type { Json, JsonObject, ResourceType } from '../../../core/model/resource.ts';
import { flow, importDocument, versions } from './arbitraries.ts';

const KINDS: [ResourceType, fc.Arbitrary<JsonObject>][] = [
  ['flow', flow],
  ['import', importDocument],
];

describe.each(KINDS)('Laws of merging: %s', (type, made) => {
  const policies: fc.Arbitrary<Policy> = fc.constantFrom<Policy[]>('keep-target', 'take-source', 'fail');
  const merged = (base: JsonObject | undefined, source: JsonObject, target: JsonObject, policy: Policy) =>
    merge({ type, base, source, target, policy });

  test('What the source alone moved is what comes out', () => {
    fc.assert(
      fc.property(versions(made), policies, ([base, x], policy) => {
        const result = merged(base, x, base, policy);
        expect(written(result.document)).toEqual(written(x));
        expect(result.kept).toEqual([]);
        expect(result.conflicts).toEqual([]);
      }),
    );
  });

  test('What the target alone moved is what comes out, and nothing is to be written', () => {
    fc.assert(
      fc.property(versions(made), policies, ([base, y], policy) => {
        const result = merged(base, base, y, policy);
        expect(written(result.document)).toEqual(written(y));
        expect(result.changed).toBe(false);
        expect(result.applied).toEqual([]);
        expect(result.conflicts).toEqual([]);
      }),
    );
  });

  test('What both moved alike is no news, with a base and without', () => {
    fc.assert(
      fc.property(fc.option(made, { nil: undefined }), made, policies, (base, x, policy) => {
        const { document, ...rest } = merged(base, x, structuredClone(x), policy);
        expect(written(document)).toEqual(written(x));
        expect(rest).toEqual({ changed: false, applied: [], kept: [], conflicts: [], drift: [] });
      }),
    );
  });

  test('A merge without conflict does not depend on the sides, and both see whether there is one', () => {
    let without = 0;
    fc.assert(
      fc.property(versions(made), ([base, s, t]) => {
        const one = merged(base, s, t, 'keep-target');
        const other = merged(base, t, s, 'keep-target');
        expect(one.conflicts.length > 0).toBe(other.conflicts.length > 0);
        if (one.conflicts.length > 0) return;
        without += 1;
        expect(equal(sorted(one.document), sorted(other.document))).toBe(true);
      }),
    );
    expect(without).toBeGreaterThan(0);
  });

  test('Taking the source is keeping the target seen from the other side', () => {
    fc.assert(
      fc.property(versions(made), ([base, s, t]) => {
        const taken = merged(base, s, t, 'take-source').document;
        const kept = merged(base, t, s, 'keep-target').document;
        expect(equal(sorted(taken), sorted(kept))).toBe(true);
      }),
    );
  });

  test('What is written is what was reported as applied, no more and no less', () => {
    fc.assert(
      fc.property(
        versions(made),
        fc.constantFrom<Policy[]>('keep-target', 'fail'),
        ([base, s, t], policy) => {
          const result = merged(base, s, t, policy);
          expect(comparable(diff(type, t, result.document))).toEqual(comparable(result.applied));
          expect(result.changed).toBe(result.applied.length > 0);
        },
      ),
    );
  });

  test('No member that the tenant changed alone is ever lost, nor one that the source changed alone', () => {
    fc.assert(
      fc.property(versions(made), policies, ([base, s, t], policy) => {
        const { document } = merged(base, s, t, policy);
        for (const name of new Set([...Object.keys(base), ...Object.keys(s), ...Object.keys(t)])) {
          if (name === 'pageProcessors' || name === 'routers') continue;
          if (equal(base[name], s[name])) expect(equal(document[name], t[name])).toBe(true);
          if (equal(base[name], t[name])) expect(equal(document[name], s[name])).toBe(true);
        }
      }),
    );
  });

  test('No element that the tenant added, changed or removed alone is ever lost', () => {
    const [list, key] = type === 'flow' ? ['aliases', 'alias'] : ['mappings', 'generate'];
    let checked = 0;
    fc.assert(
      fc.property(versions(made), policies, ([base, s, t], policy) => {
        const [inBase, inSource, inTarget] = [base, s, t].map((side) => elementsBy(key, side[list]));
        if (inBase === undefined || inSource === undefined || inTarget === undefined) return;
        const outcome = elementsBy(key, merged(base, s, t, policy).document[list]);
        expect(outcome).toBeDefined();
        for (const id of new Set([...inBase.keys(), ...inSource.keys(), ...inTarget.keys()])) {
          if (!equal(inBase.get(id), inSource.get(id)) || equal(inBase.get(id), inTarget.get(id))) continue;
          checked += 1;
          expect(equal(outcome?.get(id), inTarget.get(id))).toBe(true);
        }
      }),
    );
    expect(checked).toBeGreaterThan(0);
  });

  test('A run after a run finds nothing to do, when the source is remembered as the base', () => {
    fc.assert(
      fc.property(
        versions(made),
        fc.constantFrom<Policy[]>('keep-target', 'take-source'),
        ([base, s, t], policy) => {
          const first = merged(base, s, t, policy);
          const second = merged(s, s, first.document, policy);
          expect(second.changed).toBe(false);
          expect(second.conflicts).toEqual([]);
          expect(written(second.document)).toEqual(written(first.document));
        },
      ),
    );
  });

  test('Nothing at or below a tenant’s path changes in the target', () => {
    const members =
      type === 'flow' ? ['settings', 'aliases', '_runNextFlowIds'] : ['mappings', 'http', 'filter'];
    fc.assert(
      fc.property(versions(made), fc.constantFrom(...members), ([base, s, t], name) => {
        const input = { type, base, source: s, target: t, policy: 'take-source' as const };
        const result = merge({ ...input, tenantPaths: [`/${name}`] });
        expect(written(result.document[name])).toEqual(written(t[name]));
        expect(result.applied.filter(({ path }) => path.startsWith(`/${name}`))).toEqual([]);
      }),
    );
  });
});

test('A flow never comes out with page processors and routers at once', () => {
  fc.assert(
    fc.property(flow, flow, flow, fc.boolean(), (base, source, target, take) => {
      const policy = take ? 'take-source' : 'keep-target';
      const { document } = merge({ type: 'flow', base, source, target, policy });
      const held = ['pageProcessors', 'routers'].filter((name) => !equal(document[name], undefined));
      expect(held.length).toBeLessThan(2);
    }),
  );
});

/** A value as lists of its entries: strict about null and absent, safe with members named like an object's own. */
function written(value: Json | undefined): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(written);
  const entries = Object.entries(value).map(([name, inner]) => [`member ${name}`, written(inner)] as const);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Sets in one order, for they have none of their own. */
function sorted(document: JsonObject): JsonObject {
  const next = document['_runNextFlowIds'];
  return Array.isArray(next) ? { ...document, _runNextFlowIds: next.toSorted() } : document;
}

/** A list that comes or goes may be named as one, or by each of its elements, which may have two places. */
function comparable(changes: readonly PathChange[]): string[] {
  const lines = changes.map(
    ({ path, kind }) => `${kind} ${kind === 'changed' ? path : path.replace(/\/\d+$/, '')}`,
  );
  return [...new Set(lines)].sort();
}

/** The elements of a list by what tells them apart; `undefined` where something has nothing, or two the same. */
function elementsBy(key: string, list: Json | undefined): Map<Json | undefined, Json> | undefined {
  const elements = Array.isArray(list) ? list : [];
  const found = new Map<Json | undefined, Json>();
  for (const element of elements) {
    if (typeof element !== 'object' || element === null || Array.isArray(element)) return undefined;
    found.set(element[key], element);
  }
  return found.size === elements.length ? found : undefined;
}
