import { FlowferryError } from '../model/problem.ts';
import type { Patches } from '../model/request.ts';
import type { Document, JsonObject } from '../model/resource.ts';
import { bodyOf } from '../plan/body.ts';
import { inputHashOf, patchesFor } from '../plan/input-hash.ts';
import type { PlannedAction } from '../plan/plan.ts';
import type { Account } from '../ports.ts';
import { PENDING, surveyOf } from '../references/index.ts';
import type { Work } from './work.ts';

/** Makes the documents to send from the plan and the ids that are known by now. */
export class Bodies {
  readonly #work: Work;
  readonly #account: Account;
  readonly #groups = new Map<string, Promise<Map<string, string>>>();

  constructor(work: Work, account: Account) {
    this.#work = work;
    this.#account = account;
  }

  /**
   * The body of a create: without the links that come later, and asleep. It depends on the plan and on ids that
   * never change, so that a later attempt makes the same one and finds by it what an earlier attempt made.
   */
  async forCreate(index: number): Promise<JsonObject> {
    const { late, type } = this.#work.action(index);
    const waiting = new Set(late.map((other) => this.#work.action(other).sourceId));
    const body = await this.#make(index, waiting);
    if (type === 'flow') body['disabled'] = true;
    return body;
  }

  /** The body with all its links. */
  whole(index: number): Promise<JsonObject> {
    return this.#make(index, new Set());
  }

  /** Hash of all that the copy is made from, see `inputHashOf`. */
  inputHash(index: number): string {
    const { type } = this.#work.action(index);
    const document = this.#work.document(index) ?? {};
    const entry = surveyOf(type, document);
    const { groups, homeIntegrationId } = this.#work.plan;
    return inputHashOf(this.#work.action(index), this.#work.documentHash(index), entry, {
      resolve: (id) => groups[id]?.name ?? this.#work.targetId(id),
      homeIntegrationId,
      overrides: this.#work.header.request.overrides,
    });
  }

  /** The operations of the overrides for this action's copy. */
  patches(index: number): Patches {
    const { type, name, sourceId } = this.#work.action(index);
    return patchesFor(this.#work.header.request.overrides, type, name, sourceId);
  }

  /** Remembers an integration as integrator.io answered it, for the ids of its flow groups. */
  learnGroups(integration: Document): void {
    this.#groups.set(integration._id, Promise.resolve(groupIds(integration)));
  }

  async #make(index: number, waiting: ReadonlySet<string>): Promise<JsonObject> {
    const action = this.#work.action(index);
    await this.#work.bring(index);
    const document = this.#work.document(index);
    if (document === undefined) throw new RangeError(`Action ${index} has no document.`);
    const groups = await this.#resolveGroups(action, document);
    return bodyOf(
      { type: action.type, sourceId: action.sourceId, name: action.name, document },
      {
        resolve: (id) => (waiting.has(id) ? PENDING : this.#resolve(id)),
        resolveGroup: (id) => groups.get(id),
        homeIntegrationId: this.#work.plan.homeIntegrationId,
        overrides: this.#work.header.request.overrides,
        sourceIds: this.#work.sourceIds,
      },
    );
  }

  #resolve(id: string): string | undefined {
    const targetId = this.#work.targetId(id);
    if (targetId !== undefined || !this.#work.isClosure(id)) return targetId;
    throw new FlowferryError('order_broken', `The copy of ${id} should exist by now.`);
  }

  async #resolveGroups({ ownGroup }: PlannedAction, document: JsonObject): Promise<Map<string, string>> {
    const resolved = new Map<string, string>();
    const groupId = document['_flowGroupingId'];
    if (typeof groupId !== 'string') return resolved;
    const group = this.#work.plan.groups[groupId];
    const integrationId = group && this.#work.targetIdOf(group.integration);
    if (!group || integrationId === undefined) return resolved;
    const id = (await this.#groupId(integrationId, group.name)) ?? ownGroup;
    if (id !== undefined) resolved.set(groupId, id);
    // A tenant that is kept in step may have done away with the group.
    else if (
      this.#work.header.order === undefined &&
      this.#work.action(group.integration).action !== 'reuse'
    ) {
      throw new FlowferryError('order_broken', `The flow group "${group.name}" should exist by now.`);
    }
    return resolved;
  }

  /** An answer to a write may not have named its groups: then the integration is read. */
  async #groupId(integrationId: string, name: string): Promise<string | undefined> {
    const known = (await this.#groupsOf(integrationId)).get(name);
    if (known !== undefined) return known;
    this.#groups.delete(integrationId);
    return (await this.#groupsOf(integrationId)).get(name);
  }

  #groupsOf(integrationId: string): Promise<Map<string, string>> {
    const known = this.#groups.get(integrationId);
    if (known) return known;
    const read = this.#account
      .get('integration', integrationId)
      .then((document) => (document ? groupIds(document) : new Map<string, string>()));
    this.#groups.set(integrationId, read);
    return read;
  }
}

function groupIds(integration: Document): Map<string, string> {
  const ids = new Map<string, string>();
  const groups = integration['flowGroupings'];
  if (!Array.isArray(groups)) return ids;
  for (const group of groups) {
    if (typeof group !== 'object' || group === null || Array.isArray(group)) continue;
    const { _id, name } = group;
    if (typeof _id === 'string' && typeof name === 'string' && !ids.has(name)) ids.set(name, _id);
  }
  return ids;
}
