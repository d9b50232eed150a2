import type { Document, Json, JsonObject } from '../model/resource.ts';
import type { ApplyContext } from './context.ts';

/**
 * Takes the flow groups that a clone added out of integrations that were there before. All others stay as they are by
 * now, also those that somebody added since; and so does a group that a flow is in.
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
    const present = groupsOf(current);
    const old = new Set(groupsOf(before).map(({ _id }) => _id));
    const names = this.#addedNames(index);
    const isAdded = ({ _id, name }: JsonObject): boolean => !old.has(_id) && names.has(name);
    if (!present.some(isAdded)) return present;
    this.#used ??= this.#listUsed();
    const used = await this.#used;
    return present.filter((group) => !isAdded(group) || used.has(String(group['_id'])));
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

function groupsOf({ flowGroupings }: Document): JsonObject[] {
  if (!Array.isArray(flowGroupings)) return [];
  return flowGroupings.filter(
    (group): group is JsonObject => typeof group === 'object' && group !== null && !Array.isArray(group),
  );
}
