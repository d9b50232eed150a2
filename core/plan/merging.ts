import {
  type Conflict,
  type Disputed,
  type Drift,
  equal,
  type MergeResult,
  merge,
  overlay,
  type Policy,
  type PolicyRule,
} from '../merge/index.ts';
import { hashOf } from '../model/canonical.ts';
import type { Patches } from '../model/request.ts';
import type { Json, JsonObject, ResourceType } from '../model/resource.ts';
import type { LedgerRow } from '../ports.ts';
import { comparable } from '../references/index.ts';
import { groupsIn, type Renamed, renamedGroups, withLostGroups } from './group-forms.ts';
import { mergeForms } from './merge-forms.ts';

/** What a copy is merged from. */
export interface MergeSides {
  type: ResourceType;
  /** The mergeable document last applied; `undefined`: not known. */
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
  disputed?: Disputed | undefined;
}

/** Whether nobody has changed a copy since it was last written and found to be as the source has it. */
export function isUntouched(
  row: Pick<LedgerRow, 'edited' | 'storedHash'> | undefined,
  type: ResourceType,
  document: JsonObject,
  base?: JsonObject,
): boolean {
  // What a clone stored of an integration is hashed without its groups: that all are gone, the hash does not tell.
  if (groupsIn(base).length > groupsIn(document).length) return false;
  if (row === undefined || row.edited === true || row.storedHash === undefined) return false;
  return row.storedHash === hashOf(comparable(type, document));
}

/** What a merge of a copy comes to. */
export interface MergedCopy {
  /** What a PUT carries: all of the copy that may be written, which is given, with what the merge changes. */
  bodyOn: (writable: JsonObject) => JsonObject;
  /** What the copy comes to, in the form of the merge. */
  document: JsonObject;
  /** What it was merged with, and is the base of the next merge. */
  source: JsonObject;
  changed: boolean;
  /** Whether the copy holds anything of the tenant's own. */
  edited: boolean;
  /** How many paths change in the target, and how many are left as the tenant's own. */
  applied: number;
  kept: number;
  drift: Drift[];
  conflicts: Conflict[];
  /** What is in dispute from now on; `undefined`: nothing. */
  disputed: Disputed | undefined;
}

/** More disputes of one copy than this are not remembered. */
const MOST_DISPUTED = 100;

/**
 * Merges one copy three ways. Overrides that were applied before count as the tenant's own; new and changed ones go
 * before whatever the copy holds at their place.
 */
export function mergeCopy(sides: MergeSides): MergedCopy {
  const { type, patches, patchesBefore } = sides;
  const renamed: Renamed = type === 'integration' ? renamedGroups(sides) : new Map();
  const source = type === 'integration' ? withLostGroups(sides, renamed) : sides.source;
  const before = new Set(patchesBefore.flat().map((operation) => hashOf(operation as unknown as Json)));
  const known: string[] = [];
  const fresh: string[] = [];
  for (const operation of patches.flat()) {
    if (operation.op === 'test') continue;
    (before.has(hashOf(operation as unknown as Json)) ? known : fresh).push(operation.path);
  }
  const plain = mergeForms(type, { ...sides, source }, renamed);
  const merged = merge({
    type,
    ...plain,
    policy: sides.untouched ? 'take-source' : withFresh(type, fresh, sides.policy),
    tenantPaths: known,
    disputed: sides.disputed,
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
    document: merged.document,
    source,
    changed: merged.changed,
    edited: !sides.untouched && !equal(merged.document, plain.source),
    applied: found.applied.length,
    kept: found.kept.length,
    drift: found.drift,
    conflicts: found.conflicts,
    disputed: sides.untouched ? undefined : remembered(merged.disputed),
  };
}

function remembered(disputed: Disputed | undefined): Disputed | undefined {
  return disputed && Object.fromEntries(Object.entries(disputed).slice(0, MOST_DISPUTED));
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
