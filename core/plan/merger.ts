import { hashOf } from '../model/canonical.ts';
import { FlowferryError } from '../model/problem.ts';
import type { Json, JsonObject } from '../model/resource.ts';
import type { SyncOrder } from '../model/sync.ts';
import type { LedgerRow } from '../ports.ts';
import { documentOf, type Entry } from '../read/entry.ts';
import { namedIn, type Users } from '../read/users.ts';
import { comparable } from '../references/index.ts';
import { bodyOf } from './body.ts';
import type { Differ, Subject } from './differ.ts';
import type { Fates } from './fate.ts';
import type { Findings } from './findings.ts';
import type { SourceGroup } from './groups.ts';
import { homeOf } from './ids.ts';
import { patchesFor } from './input-hash.ts';
import { MergedGroups } from './merged-groups.ts';
import { isUntouched, type MergedCopy, mergeCopy } from './merging.ts';
import type { PlannedPrune, Rebase, SyncConflict, SyncDrift, SyncFindings } from './plan.ts';
import type { Snapshot } from './snapshot.ts';

/** No document holds it, so that nothing is refused for it. */
const NO_IDS: ReadonlySet<string> = new Set();

/** What becomes of a copy: whether it must be written, and what the ledger must learn where not. */
export interface Decision {
  changed: boolean;
  rebase?: Rebase | undefined;
  /** As of `PlannedAction`. */
  ownGroup?: string | undefined;
}

/** Merges the copies of a sync, and takes down what it finds. */
export class Merger {
  readonly #snapshot: Snapshot;
  readonly #order: SyncOrder;
  readonly #fates: Fates;
  readonly #groups: MergedGroups;
  readonly #problems: Findings;
  readonly #differ: Differ;
  #applied = 0;
  #kept = 0;
  readonly #drift: SyncDrift[] = [];
  readonly #conflicts: SyncConflict[] = [];
  readonly #prunes: PlannedPrune[] = [];
  /** The ids that copies will name when they are written. */
  readonly #named = new Map<string, readonly string[]>();

  constructor(
    snapshot: Snapshot,
    order: SyncOrder,
    fates: Fates,
    groups: ReadonlyMap<string, SourceGroup>,
    problems: Findings,
    differ: Differ,
  ) {
    this.#snapshot = snapshot;
    this.#order = order;
    this.#fates = fates;
    this.#groups = new MergedGroups(snapshot, fates, groups);
    this.#problems = problems;
    this.#differ = differ;
  }

  /** Something of the source is new: it comes as a whole. */
  creates({ type, id }: Subject): void {
    this.#applied += 1;
    this.#drift.push({ type, sourceId: id, path: '', movedBy: 'source' });
  }

  decide(subject: Subject): Decision {
    const { entry, fate } = subject;
    if (fate.kind !== 'copy' || !entry) return { changed: false };
    const { row, copy } = fate;
    const isSameInput = row?.sourceHash === this.#differ.inputHash(subject, entry);
    if (row && isSameInput && copy.asApplied) {
      const isKnown = row.sync !== undefined && row.pruned === undefined;
      return { changed: false, rebase: isKnown ? undefined : { row, edited: false, moved: false } };
    }
    const ownGroup = this.#groups.ownOf(entry, copy.document);
    const source = this.#body(subject, entry, ownGroup);
    if (source === undefined) return { changed: false };
    const sides = { base: this.#snapshot.applied.get(subject.id), source, target: copy.document };
    const merged = mergeCopy({
      type: subject.type,
      ...sides,
      policy: this.#order.onConflict,
      patches: patchesFor(this.#snapshot.request.overrides, subject.type, subject.name, subject.id),
      patchesBefore: row?.overrides ?? [],
      disputed: row?.disputed,
      untouched: isUntouched(row, subject.type, copy.document, sides.base),
    });
    this.#take(subject, fate.targetId, merged);
    if (subject.type === 'integration') this.#groups.learn(subject.id, sides, merged.document);
    if (merged.changed) this.#named.set(fate.targetId, namedIn(subject.type, merged.document));
    if (merged.changed || row === undefined) return { changed: merged.changed, ownGroup };
    const modified = copy.document['lastModified'];
    const rebase: Rebase = {
      row,
      modified: typeof modified === 'string' ? modified : undefined,
      // With an older hash, a tenant that goes back to what was there then would look as if it had not moved.
      storedHash: merged.edited ? undefined : hashOf(comparable(subject.type, copy.document)),
      edited: merged.edited,
      disputed: merged.disputed,
      moved: !isSameInput,
      groups: merged.source === source ? undefined : merged.source['flowGroupings'],
    };
    const isNews =
      rebase.moved ||
      rebase.edited !== (row.edited === true) ||
      hashOf(merged.disputed as Json) !== hashOf(row.disputed as Json) ||
      (!rebase.edited && rebase.modified !== row.targetModified) ||
      row.sync === undefined ||
      row.pruned !== undefined;
    return { changed: false, ownGroup, rebase: isNews ? rebase : undefined };
  }

  /** A copy whose source is gone. */
  prunes(prune: PlannedPrune, isConflict: boolean): void {
    const { type, sourceId, targetId } = prune.row;
    this.#prunes.push(prune);
    if (prune.kind === 'forget') return;
    const path = prune.kind === 'disable' ? '/disabled' : '';
    const place = { type, sourceId, targetId, path };
    if (prune.kind === 'keep') this.#kept += 1;
    else this.#applied += 1;
    this.#drift.push({ ...place, movedBy: isConflict ? 'both' : 'source' });
    if (isConflict) this.conflicts(place, prune.kind === 'keep' ? 'keep-target' : 'take-source');
  }

  /** A copy whose source is gone, and which something of the tenant's own needs: that has made it its own. */
  stays({ type, sourceId, targetId }: LedgerRow): void {
    this.#kept += 1;
    this.#drift.push({ type, sourceId, targetId, path: '', movedBy: 'target' });
  }

  /** Who names whom in the target once all is written. */
  usersAfter(users: Users): Users {
    return new Map([...users, ...this.#named]);
  }

  conflicts(place: Omit<SyncConflict, 'resolution'>, resolution: SyncConflict['resolution']): void {
    this.#conflicts.push({ ...place, resolution });
    if (resolution !== 'failed') return;
    const { type, sourceId, path } = place;
    this.#problems.block(
      'sync_conflict',
      `The ${type} ${place.targetId} was changed on both sides${path === '' ? '' : `, at ${path}`}.`,
      { type, sourceId, path },
    );
  }

  get policy(): SyncOrder['onConflict'] {
    return this.#order.onConflict;
  }

  findings(): SyncFindings {
    return {
      applied: this.#applied,
      kept: this.#kept,
      drift: this.#drift,
      conflicts: this.#conflicts,
      prunes: this.#prunes,
    };
  }

  #take({ type, id }: Subject, targetId: string, merged: MergedCopy): void {
    this.#applied += merged.applied;
    this.#kept += merged.kept;
    const place = { type, sourceId: id, targetId };
    for (const { path, movedBy } of merged.drift) this.#drift.push({ ...place, path, movedBy });
    for (const { path, resolution } of merged.conflicts) this.conflicts({ ...place, path }, resolution);
  }

  /**
   * The source's document in the target's ids. What is yet to be made keeps its source's id for the moment: it is
   * another than all that the copy can name.
   */
  #body({ id, type, name }: Subject, entry: Entry, ownGroup: string | undefined): JsonObject | undefined {
    const target = (sourceId: string): string | undefined => {
      const fate = this.#fates.get(sourceId);
      if (fate === undefined) return undefined;
      return 'targetId' in fate ? fate.targetId : sourceId;
    };
    try {
      return bodyOf(
        { type, sourceId: id, name, document: documentOf(entry) },
        {
          resolve: target,
          resolveGroup: (groupId) => this.#groups.idOf(groupId) ?? ownGroup,
          homeIntegrationId: homeOf(this.#snapshot),
          overrides: this.#snapshot.request.overrides,
          sourceIds: NO_IDS,
        },
      );
    } catch (error) {
      if (!(error instanceof FlowferryError)) throw error;
      const problem = error.problems[0];
      const message = problem?.message ?? error.message;
      this.#problems.block('override_failed', message, { type, sourceId: id, path: problem?.path });
      return undefined;
    }
  }
}
