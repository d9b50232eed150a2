import { FlowferryError } from '../model/problem.ts';
import type { JsonObject, ResourceType } from '../model/resource.ts';
import { documentOf, type Entry } from '../read/entry.ts';
import { PENDING } from '../references/index.ts';
import { bodyOf } from './body.ts';
import { differences } from './compare.ts';
import type { Fate, Fates } from './fate.ts';
import type { Findings } from './findings.ts';
import { groupIdsOf, groupIdThere, mayAddGroups, type SourceGroup } from './groups.ts';
import { homeOf, idsIn, sourceIdsOf } from './ids.ts';
import { inputHashOf } from './input-hash.ts';
import type { Snapshot } from './snapshot.ts';
import { storedHashOf } from './stored.ts';

/** A resource that is compared. */
export interface Subject {
  id: string;
  type: ResourceType;
  name: string;
  fate: Fate;
  entry: Entry | undefined;
}

/** Compares copies with what they should be, and tries overrides where they will be applied. */
export class Differ {
  readonly #snapshot: Snapshot;
  readonly #fates: Fates;
  readonly #groups: ReadonlyMap<string, SourceGroup>;
  readonly #findings: Findings;
  readonly #sourceIds: ReadonlySet<string>;

  constructor(
    snapshot: Snapshot,
    fates: Fates,
    groups: ReadonlyMap<string, SourceGroup>,
    findings: Findings,
  ) {
    this.#snapshot = snapshot;
    this.#fates = fates;
    this.#groups = groups;
    this.#findings = findings;
    this.#sourceIds = sourceIdsOf(
      [...fates].map(([id, fate]) => [id, 'targetId' in fate ? fate.targetId : undefined]),
    );
  }

  /** Finds an override that would not apply before anything is written. */
  tryOverrides(subject: Subject): void {
    const { overrides } = this.#snapshot.request;
    if (subject.entry && overrides.length > 0) this.#body(subject, subject.entry);
  }

  /**
   * Whether a copy must be written.
   *
   * @param created source ids of what is made anew
   */
  isChanged(subject: Subject, created: ReadonlySet<string>): boolean {
    const { entry, fate } = subject;
    if (fate.kind !== 'copy' || !entry) return false;
    if (idsIn(entry).some((id) => created.has(id)) || this.#losesGroup(entry)) {
      this.tryOverrides(subject);
      return true;
    }
    const isSameInput = fate.row?.sourceHash === this.inputHash(subject, entry);
    if (fate.copy.asApplied) {
      if (!isSameInput) this.tryOverrides(subject);
      return !isSameInput;
    }
    this.#warnOfEdit(subject, fate);
    const body = this.#body(subject, entry);
    if (!body) return true;
    if (fate.row && !isSameInput) return true;
    return differences(subject.type, fate.copy.document, body).length > 0 || hasMore(subject.type, fate);
  }

  /** Target id where it is known, `PENDING` where it will be made. */
  #resolve = (id: string): string | undefined => {
    const fate = this.#fates.get(id);
    if (fate === undefined) return undefined;
    return 'targetId' in fate ? fate.targetId : PENDING;
  };

  /** Hash of all that the copy would be made from, see `inputHashOf`. */
  inputHash(subject: Pick<Subject, 'id' | 'type' | 'name'>, entry: Entry): string {
    const groupName = (id: string): string | undefined => this.#groups.get(id)?.name;
    return inputHashOf({ type: subject.type, name: subject.name, sourceId: subject.id }, entry.hash, entry, {
      resolve: (id) => groupName(id) ?? this.#resolve(id),
      homeIntegrationId: homeOf(this.#snapshot),
      overrides: this.#snapshot.request.overrides,
    });
  }

  /** A group that the target lacks will be made, and the flow must be put into it. */
  #losesGroup(entry: Entry): boolean {
    return groupIdsOf(entry).some((id) => {
      const group = this.#groups.get(id);
      if (!group || !mayAddGroups(this.#snapshot, this.#fates, group.integrationId)) return false;
      return groupIdThere(this.#snapshot, this.#fates, group) === undefined;
    });
  }

  #body(subject: Subject, entry: Entry): JsonObject | undefined {
    const { id, type, name } = subject;
    try {
      return bodyOf(
        { type, sourceId: id, name, document: documentOf(entry) },
        {
          resolve: this.#resolve,
          resolveGroup: (groupId) => {
            const group = this.#groups.get(groupId);
            return group && (groupIdThere(this.#snapshot, this.#fates, group) ?? undefined);
          },
          homeIntegrationId: homeOf(this.#snapshot),
          overrides: this.#snapshot.request.overrides,
          sourceIds: this.#sourceIds,
        },
      );
    } catch (error) {
      if (!(error instanceof FlowferryError)) throw error;
      const problem = error.problems[0];
      this.#findings.block('override_failed', problem?.message ?? error.message, {
        type,
        sourceId: id,
        path: problem?.path,
      });
      return undefined;
    }
  }

  #warnOfEdit({ id, type, name }: Subject, fate: Fate & { kind: 'copy' }): void {
    const applied = this.#snapshot.applied.get(id);
    if (!applied) return;
    const paths = differences(type, fate.copy.document, applied);
    if (paths.length === 0 && !hasMore(type, fate)) return;
    const where = paths.length === 0 ? '' : `, at ${paths.slice(0, 5).join(', ')}`;
    this.#findings.warn(
      'target_changed',
      `The copy of ${type} "${name}" was changed in the target account since it was written${where}: the change is overwritten.`,
      { type, sourceId: id, path: paths[0] },
    );
  }
}

/** Somebody added to the copy: it holds all that was sent, and is still not what was stored then. */
function hasMore(type: ResourceType, { row, copy }: Fate & { kind: 'copy' }): boolean {
  return row?.storedHash !== undefined && row.storedHash !== storedHashOf(type, copy.document);
}
