import { equal } from '../merge/index.ts';
import type { Document, Json, JsonObject } from '../model/resource.ts';
import { groupsIn } from '../plan/group-forms.ts';
import type { ApplyContext } from './context.ts';

/**
 * Takes the flow groups that a clone added out of integrations that were there before, and takes back what a sync's
 * run changed in others. All else stays as it is by now, also groups that somebody added since; and so does a group
 * that a flow is in.
 */
export class GroupUndo {
  readonly #context: ApplyContext;
  #used: Promise<ReadonlySet<string>> | undefined;

  constructor(context: ApplyContext) {
    this.#context = context;
  }

  /**
   * The groups that an action's integration is left with.
   *
   * @param current the integration as it is, and `before` as it was before the clone
   */
  async without(index: number, current: Document, before: Document): Promise<JsonObject[]> {
    const old = new Map(groupsIn(before).map((group) => [group['_id'], group]));
    const sent = await this.#sentGroups(index);
    const present = groupsIn(current).map((group) =>
      takenBack(group, old.get(group['_id']), sent.get(group['name'])),
    );
    const names = this.#addedNames(index);
    const isAdded = ({ _id, name }: JsonObject): boolean =>
      !old.has(_id) && (names.has(name) || sent.has(name));
    if (!present.some(isAdded)) return present;
    this.#used ??= this.#listUsed();
    const used = await this.#used;
    return present.filter((group) => !isAdded(group) || used.has(String(group['_id'])));
  }

  /** The source's groups by name, of an integration that was merged. */
  async #sentGroups(index: number): Promise<Map<Json | undefined, JsonObject>> {
    const { work } = this.#context;
    if (work.header.order === undefined || work.action(index).groupsOnly) return new Map();
    await work.bring(index);
    return new Map(groupsIn(work.document(index) ?? {}).map((group) => [group['name'], group]));
  }

  /** Names of the groups that the plan puts into this integration, by whichever of its actions. */
  #addedNames(index: number): ReadonlySet<Json | undefined> {
    const { plan } = this.#context.work;
    const { targetId } = this.#context.work.action(index);
    return new Set(
      Object.values(plan.groups)
        .filter(({ integration }) => plan.actions[integration]?.targetId === targetId)
        .map(({ name }) => name),
    );
  }

  async #listUsed(): Promise<ReadonlySet<string>> {
    const used = new Set<string>();
    for await (const page of this.#context.account.list('flow', { include: ['_flowGroupingId'] })) {
      for (const { _flowGroupingId: id } of page) if (typeof id === 'string') used.add(id);
    }
    return used;
  }
}

/** A group as it was before, as far as it is now as the source has it. */
function takenBack(
  now: JsonObject,
  before: JsonObject | undefined,
  sent: JsonObject | undefined,
): JsonObject {
  if (before === undefined || sent === undefined) return now;
  const members = Object.keys({ ...before, ...now }).flatMap((name): [string, Json][] => {
    const value = equal(now[name], sent[name]) ? before[name] : now[name];
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(members);
}
