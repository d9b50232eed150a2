import {
  type Conflict,
  type Drift,
  equal,
  type MergeResult,
  merge,
  overlay,
  type Policy,
  type PolicyRule,
} from '../merge/index.ts';
import { hashOf } from '../model/canonical.ts';
import { get, remove } from '../model/pointer.ts';
import type { Patches } from '../model/request.ts';
import type { Json, JsonObject, ResourceType } from '../model/resource.ts';
import type { LedgerRow } from '../ports.ts';
import { comparable } from '../references/index.ts';

/** What a copy is merged from. */
export interface MergeSides {
  type: ResourceType;
  /** The comparable document last applied; `undefined`: not known. */
  base: JsonObject | undefined;
  /** The source's document rewritten into the target's ids, overrides applied. */
  source: JsonObject;
  /** The copy as integrator.io answers it. */
  target: JsonObject;
  policy: Policy;
  /** What the tenant's overrides are now, and what they were when the copy was last written. */
  patches: Patches;
  patchesBefore: Patches;
  /**
   * The copy is what the last write answered. Where it is not what was sent, the server made it so, and nothing in it
   * is the tenant's own.
   */
  untouched: boolean;
  /** Conflicts that were settled for the target before, see `LedgerRow`. */
  disputed?: LedgerRow['disputed'];
}

/** Whether nobody has changed a copy since it was last written and found to be as the source has it. */
export function isUntouched(
  row: Pick<LedgerRow, 'edited' | 'storedHash'> | undefined,
  type: ResourceType,
  document: JsonObject,
): boolean {
  if (row === undefined || row.edited === true || row.storedHash === undefined) return false;
  return row.storedHash === hashOf(comparable(type, document));
}

/** What a merge of a copy comes to. */
export interface MergedCopy {
  /** What a PUT carries: all of the copy that may be written, which is given, with what the merge changes. */
  bodyOn: (writable: JsonObject) => JsonObject;
  changed: boolean;
  /** Whether the copy holds anything of the tenant's own. */
  edited: boolean;
  /** How many paths change in the target, and how many are left as the tenant's own. */
  applied: number;
  kept: number;
  drift: Drift[];
  conflicts: Conflict[];
  /** What is in dispute from now on; `undefined`: nothing. */
  disputed: LedgerRow['disputed'];
}

/** More disputes of one copy than this are not remembered. */
const MOST_DISPUTED = 100;

/**
 * Merges one copy three ways. Overrides that were applied before count as the tenant's own; new and changed ones go
 * before whatever the copy holds at their place.
 */
export function mergeCopy(sides: MergeSides): MergedCopy {
  const { type, base, source, target, patches, patchesBefore } = sides;
  const before = new Set(patchesBefore.flat().map((operation) => hashOf(operation as unknown as Json)));
  const known: string[] = [];
  const fresh: string[] = [];
  for (const operation of patches.flat()) {
    if (operation.op === 'test') continue;
    (before.has(hashOf(operation as unknown as Json)) ? known : fresh).push(operation.path);
  }
  const plain = { source: comparable(type, source), target: comparable(type, target) };
  const merged = merge({
    type,
    base: withoutMoved(base, plain.target, sides.disputed),
    source: plain.source,
    target: plain.target,
    policy: sides.untouched ? 'take-source' : withFresh(type, fresh, sides.policy),
    tenantPaths: known,
  });
  const found = sides.untouched ? withoutTenant(merged) : merged;
  return {
    bodyOn: (writable) =>
      overlay(
        type,
        { whole: writable, plain: plain.target },
        { whole: source, plain: plain.source },
        merged.document,
      ),
    changed: merged.changed,
    edited: !sides.untouched && !equal(merged.document, plain.source),
    applied: found.applied.length,
    kept: found.kept.length,
    drift: found.drift,
    conflicts: found.conflicts,
    disputed: disputedNow(found.conflicts, plain, sides.disputed),
  };
}

/**
 * Where the tenant moved on since a conflict was settled for it, both have moved: the base no longer counts. A tenant
 * that went back to the base has given in.
 */
function withoutMoved(
  base: JsonObject | undefined,
  target: JsonObject,
  disputed: LedgerRow['disputed'],
): JsonObject | undefined {
  if (base === undefined) return undefined;
  const moved = Object.entries(disputed ?? {}).filter(
    ([path, hash]) => valueHash(target, path) !== hash && !equal(get(target, path), get(base, path)),
  );
  return moved.reduce<JsonObject>((rest, [path]) => remove(rest, path) as JsonObject, base);
}

/** Old disputes last as long as the sides differ there. */
function disputedNow(
  conflicts: readonly Conflict[],
  { source, target }: { source: JsonObject; target: JsonObject },
  before: LedgerRow['disputed'],
): LedgerRow['disputed'] {
  const kept = conflicts.filter(({ resolution }) => resolution === 'keep-target').map(({ path }) => path);
  const paths = new Set([...Object.keys(before ?? {}), ...kept]);
  const open = [...paths]
    .filter((path) => path !== '' && !equal(get(source, path), get(target, path)))
    .slice(0, MOST_DISPUTED);
  return open.length === 0
    ? undefined
    : Object.fromEntries(open.map((path) => [path, valueHash(target, path)]));
}

function valueHash(document: JsonObject, path: string): string {
  return hashOf(get(document, path) ?? null);
}

/** What a merge found in a copy that no tenant has touched. */
function withoutTenant({
  applied,
  drift,
}: MergeResult): Pick<MergeResult, 'applied' | 'kept' | 'drift' | 'conflicts'> {
  const bySource = drift.filter(({ movedBy }) => movedBy !== 'target');
  return {
    applied,
    kept: [],
    drift: bySource.map(({ path }) => ({ path, movedBy: 'source' })),
    conflicts: [],
  };
}

/** At the place of a new override nothing but the override counts. An append has no place yet. */
function withFresh(type: ResourceType, fresh: readonly string[], policy: Policy): Policy {
  if (fresh.length === 0) return policy;
  const rules: PolicyRule[] = fresh.map((path) => ({
    type,
    path: path.endsWith('/-') ? path.slice(0, -2) : path,
    policy: 'take-source',
  }));
  return typeof policy === 'string' ? [...rules, { type, path: '', policy }] : [...rules, ...policy];
}
