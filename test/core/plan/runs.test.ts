import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { equal, type Policy } from '../../../core/merge/index.ts';
import type { Json, JsonObject, ResourceType } from '../../../core/model/resource.ts';
import { type MergedCopy, mergeCopy } from '../../../core/plan/merging.ts';
import { type Edit, edited, edits, flow, importDocument, mixed } from '../merge/arbitraries.ts';

/** A document with a list of things, and what tells these apart. */
const KINDS: [ResourceType, { list: string; key: string; start: JsonObject }][] = [
  [
    'import',
    {
      list: 'mappings',
      key: 'generate',
      start: { mappings: ['p', 'q', 'r'].map((generate) => ({ generate, extract: 'a' })) },
    },
  ],
  [
    'flow',
    {
      list: 'pageProcessors',
      key: '_importId',
      start: { pageProcessors: ['p', 'q', 'r'].map((_importId) => ({ _importId, extract: 'a' })) },
    },
  ],
];

describe.each(KINDS)('Laws of one run after another: %s', (type, { list, key, start }) => {
  const policies: Policy[] = [
    'keep-target',
    'take-source',
    [
      { type, path: `/${list}/*`, policy: 'keep-target' },
      { type, path: '', policy: 'take-source' },
    ],
    [
      { type, path: '/description', policy: 'keep-target' },
      { type, path: '', policy: 'take-source' },
    ],
  ];
  const round = fc.record({ source: edits(list, key), tenant: edits(list, key) });
  const history = fc.array(round, { minLength: 2, maxLength: 6 });
  const made = { ...start, description: 'a' };

  /** All runs of a history; `check` sees what each was given and what it made of it. */
  function live(
    rounds: readonly { source: readonly Edit[]; tenant: readonly Edit[] }[],
    policy: Policy,
    check: (base: JsonObject, source: JsonObject, target: JsonObject, outcome: JsonObject) => void,
  ): void {
    let [base, target]: [JsonObject, JsonObject] = [made, made];
    let disputed: MergedCopy['disputed'];
    const run = (source: JsonObject): MergedCopy =>
      mergeCopy({
        ...{ type, policy, base, source, target, disputed },
        ...{ patches: [], patchesBefore: [], untouched: false },
      });
    for (const moves of rounds) {
      const source = edited(base, moves.source);
      target = edited(target, moves.tenant);
      const merged = run(source);
      const outcome = merged.bodyOn(target);
      check(base, source, target, outcome);
      [base, target, disputed] = [source, outcome, merged.disputed];
      const idle = run(source);
      expect(idle).toMatchObject({ changed: false, applied: 0, conflicts: [] });
      disputed = idle.disputed;
    }
  }

  test('Where the source has not moved since the last run, the target stays as it is', () => {
    fc.assert(
      fc.property(history, fc.constantFrom(...policies), (rounds, policy) => {
        live(rounds, policy, (base, source, target, outcome) => {
          if (equal(base['description'], source['description'])) {
            expect(outcome['description']).toEqual(target['description']);
          }
          if (equal(base[list], source[list])) expect(outcome[list] ?? []).toEqual(target[list] ?? []);
          const [before, now, theirs, after] = [base, source, target, outcome].map((one) =>
            elements(one[list], key),
          );
          for (const id of after?.keys() ?? []) {
            if (equal(before?.get(id), now?.get(id))) expect(after?.get(id)).toEqual(theirs?.get(id));
          }
          for (const id of theirs?.keys() ?? []) {
            if (equal(before?.get(id), now?.get(id))) expect(after?.has(id)).toBe(true);
          }
        });
      }),
      { numRuns: 300 },
    );
  });

  test('Where the target is what the source was at the last run, it becomes what the source is', () => {
    fc.assert(
      fc.property(history, fc.constantFrom(...policies), (rounds, policy) => {
        live(rounds, policy, (base, source, target, outcome) => {
          if (equal(base['description'], target['description'])) {
            expect(outcome['description']).toEqual(source['description']);
          }
          const [before, now, theirs, after] = [base, source, target, outcome].map((one) =>
            elements(one[list], key),
          );
          for (const id of now?.keys() ?? []) {
            if (equal(before?.get(id), theirs?.get(id))) expect(after?.get(id)).toEqual(now?.get(id));
          }
        });
      }),
      { numRuns: 300 },
    );
  });
});

describe.each([
  ['a flow', 'flow' as const, flow, (sent: JsonObject): JsonObject => sent],
  ['a flow whose branches the server names', 'flow' as const, flow.map(withoutBranchIds), withBranchIds],
  ['an import', 'import' as const, importDocument, (sent: JsonObject): JsonObject => sent],
])('Laws of one run after another, of %s', (_, type, made, stored) => {
  const choices = fc.array(fc.boolean(), { minLength: 8, maxLength: 12 });
  const move = fc.record({ to: made, choices });
  const history = fc.array(fc.record({ source: move, tenant: move }), { minLength: 1, maxLength: 4 });

  test('What one side alone moved comes out, and an idle run finds nothing to do', () => {
    fc.assert(
      fc.property(made, history, fc.constantFrom('keep-target', 'take-source'), (start, rounds, policy) => {
        let [base, target]: [JsonObject, JsonObject] = [start, stored(start)];
        let disputed: MergedCopy['disputed'];
        const run = (source: JsonObject): MergedCopy =>
          mergeCopy({
            ...{ type, policy: policy as Policy, base, source, target, disputed },
            ...{ patches: [], patchesBefore: [], untouched: false },
          });
        for (const moves of rounds) {
          const [source, theirs] = [moved(base, moves.source), stored(moved(target, moves.tenant))];
          target = theirs;
          const merged = run(source);
          const outcome = stored(merged.bodyOn(target));
          for (const name of new Set([base, source, theirs].flatMap((one) => Object.keys(one)))) {
            if (name === 'pageProcessors' || name === 'routers') continue;
            if (equal(base[name], source[name])) expect(equal(outcome[name], theirs[name])).toBe(true);
            if (equal(base[name], theirs[name])) expect(equal(outcome[name], source[name])).toBe(true);
          }
          if (equal(base, source)) expect(equal(outcome, theirs)).toBe(true);
          [base, target, disputed] = [source, outcome, merged.disputed];
          const idle = run(source);
          expect(idle).toMatchObject({ changed: false, applied: 0, conflicts: [] });
          disputed = idle.disputed;
        }
      }),
      { numRuns: 300 },
    );
  });
});

interface Move {
  to: JsonObject;
  choices: readonly boolean[];
}

function moved(from: JsonObject, { to, choices }: Move): JsonObject {
  let count = 0;
  return mixed(from, to, () => choices[count++ % choices.length] === true);
}

function withoutBranchIds(document: JsonObject): JsonObject {
  return changeBranches(document, ({ branchId: _, ...branch }) => branch);
}

/** As the server stores it. */
function withBranchIds(document: JsonObject): JsonObject {
  return changeBranches(document, (branch) => ({ ...branch, branchId: branch['branchId'] ?? randomUUID() }));
}

function changeBranches(document: JsonObject, change: (branch: JsonObject) => JsonObject): JsonObject {
  const routers = document['routers'];
  if (!Array.isArray(routers)) return document;
  const changed = (routers as JsonObject[]).map((router) => {
    const { branches } = router;
    return Array.isArray(branches) ? { ...router, branches: (branches as JsonObject[]).map(change) } : router;
  });
  return { ...document, routers: changed };
}

function elements(list: Json | undefined, key: string): Map<string, JsonObject> {
  const all = (list ?? []) as JsonObject[];
  return new Map(all.map((one) => [String(one[key]), one]));
}
