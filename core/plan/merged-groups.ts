import type { Document, Json, JsonObject } from '../model/resource.ts';
import type { Entry } from '../read/entry.ts';
import type { Fates } from './fate.ts';
import { groupsIn, type Renamed, renamedGroups } from './group-forms.ts';
import { groupIdsOf, groupIdThere, integrationThere, type SourceGroup } from './groups.ts';
import type { MergeForms } from './merge-forms.ts';
import type { Snapshot } from './snapshot.ts';

/** Where the source's flow groups are in a target once its integrations are merged. */
export class MergedGroups {
  readonly #snapshot: Snapshot;
  readonly #fates: Fates;
  readonly #groups: ReadonlyMap<string, SourceGroup>;
  /** By the source's integration. */
  readonly #renamed = new Map<string, Renamed>();
  readonly #names = new Map<string, ReadonlySet<Json | undefined>>();

  constructor(snapshot: Snapshot, fates: Fates, groups: ReadonlyMap<string, SourceGroup>) {
    this.#snapshot = snapshot;
    this.#fates = fates;
    this.#groups = groups;
  }

  /** Takes down what a merged integration comes to. Flows are decided after the integrations that they need. */
  learn(integrationId: string, sides: MergeForms, merged: JsonObject): void {
    this.#renamed.set(integrationId, renamedGroups(sides));
    this.#names.set(integrationId, new Set(groupsIn(merged).map(({ name }) => name)));
  }

  /** The group's id there, its own for the moment where it is yet to be made; `undefined`: there will be none. */
  idOf(groupId: string): string | undefined {
    const group = this.#groups.get(groupId);
    if (group === undefined) return undefined;
    const { integrationId, name } = group;
    const old = this.#renamed.get(integrationId)?.get(name);
    const names = typeof old === 'string' ? [name, old] : [name];
    const [there] = names.flatMap(
      (one) => groupIdThere(this.#snapshot, this.#fates, { integrationId, name: one }) ?? [],
    );
    const isCopy = this.#fates.get(integrationId)?.kind === 'copy';
    const stays = this.#names.get(integrationId)?.has(name) ?? (there !== undefined || !isCopy);
    return stays ? (there ?? groupId) : undefined;
  }

  /**
   * The group that a copied flow is left in, where the tenant has renamed the source's group, or taken it away and put
   * the flow into another.
   */
  ownOf(entry: Entry, copy: Document | JsonObject): string | undefined {
    const isLost = groupIdsOf(entry).some((id) => this.#groups.has(id) && this.idOf(id) === undefined);
    if (!isLost) return undefined;
    const { _flowGroupingId: own, _integrationId: home } = copy;
    const there = groupsIn(integrationThere(this.#snapshot, String(home)));
    return typeof own === 'string' && there.some(({ _id }) => _id === own) ? own : undefined;
  }
}
