import type { ActionStatus } from '../model/clone.ts';
import type { CloneRequest } from '../model/request.ts';
import type { JsonObject } from '../model/resource.ts';
import type { SyncOrder } from '../model/sync.ts';
import { sourceIdsOf } from '../plan/ids.ts';
import type { Plan, PlannedAction } from '../plan/plan.ts';
import type { ActionEvent, CloneStore, Ledger, LedgerRow, Pair } from '../ports.ts';
import { Documents } from './documents.ts';

/** Name of the stored part that holds the plan's warnings, for answers that need nothing else of the plan. */
export const WARNINGS_PART = 'warnings';

/** What a clone is about, wherever it is carried on. */
export interface WorkHeader {
  cloneId: string;
  attempt: number;
  pair: Pair;
  request: CloneRequest;
  /** Of a sync's run: copies are merged. */
  order?: SyncOrder | undefined;
}

/** A plan on its way: what is done, and which ids came of it. */
export class Work {
  readonly header: WorkHeader;
  readonly plan: Plan;
  /** What became of each action so far. */
  readonly status: ActionStatus[];
  /** Creates that an earlier attempt intended and whose outcome is not known. */
  readonly doubtful = new Set<number>();
  /** Creates whose source another clone has made a copy of since the plan was made, and that clone. */
  readonly overtaken = new Map<number, string>();
  /** Creates by type and name. */
  #creates: Map<string, number[]> | undefined;
  /** Creates whose late links are still to be written. */
  readonly unlinked = new Set<number>();
  /**
   * Registrations of the plan that are carried out, and copies that are taken over into the ledger: what no event
   * tells of. Only another process does them again, which changes nothing.
   */
  readonly registered = new Set<number>();
  readonly takenOver = new Set<number>();
  /** What the ledger told and no event did: to be appended, for the report is made from events alone. */
  readonly untold: { event: ActionEvent; row: LedgerRow }[] = [];
  readonly #documents: Documents;
  readonly #ids = new Map<string, string>();
  #sourceIds: Set<string> | undefined;

  constructor(header: WorkHeader, plan: Plan, documents: Documents) {
    this.header = header;
    this.plan = plan;
    this.#documents = documents;
    this.status = plan.actions.map(({ action }) =>
      action === 'reuse' || action === 'unchanged' ? 'done' : 'pending',
    );
    plan.actions.forEach((action, index) => {
      if (action.targetId !== undefined) this.#ids.set(action.sourceId, action.targetId);
      if (action.late.length > 0) this.unlinked.add(index);
    });
  }

  action(index: number): PlannedAction {
    const action = this.plan.actions[index];
    if (action === undefined) throw new RangeError(`The plan has no action ${index}.`);
    return action;
  }

  /** Sees to it that an action's document is in memory. */
  bring(index: number): Promise<void> {
    return this.#documents.bring(index, (other) => this.status[other] !== 'done');
  }

  /** Lets go of an action's document once nothing is left to be written of it. */
  release(index: number): void {
    if (this.status[index] === 'done') this.#documents.release(index);
  }

  /** The stripped source document of an action, after `bring`; `undefined` where nothing of it is written. */
  document(index: number): JsonObject | undefined {
    return this.#documents.get(index);
  }

  /** SHA-256 of an action's document, after `bring`. */
  documentHash(index: number): string {
    return this.#documents.hash(index);
  }

  targetId(sourceId: string): string | undefined {
    return this.#ids.get(sourceId);
  }

  targetIdOf(index: number): string | undefined {
    return this.#ids.get(this.action(index).sourceId);
  }

  /** Other creates of the plan that have the same type and name: their copies may be equal. */
  namesakes(index: number): number[] {
    const nameOf = ({ type, name }: { type: string; name: string }): string => `${type} ${name}`;
    if (this.#creates === undefined) {
      this.#creates = new Map();
      for (const [position, action] of this.plan.actions.entries()) {
        if (action.action !== 'create') continue;
        const known = this.#creates.get(nameOf(action));
        if (known) known.push(position);
        else this.#creates.set(nameOf(action), [position]);
      }
    }
    const same = this.#creates.get(nameOf(this.action(index))) ?? [];
    return same.length < 2 ? [] : same.filter((other) => other !== index);
  }

  learn(index: number, targetId: string): void {
    this.#ids.set(this.action(index).sourceId, targetId);
  }

  forget(index: number): void {
    this.#ids.delete(this.action(index).sourceId);
  }

  isClosure(sourceId: string): boolean {
    return this.#closure.has(sourceId);
  }

  get idMap(): Record<string, string> {
    return Object.fromEntries(
      this.plan.actions.flatMap(({ sourceId }) => {
        const targetId = this.#ids.get(sourceId);
        return targetId === undefined ? [] : [[sourceId, targetId]];
      }),
    );
  }

  /** The closure's ids that no document sent may hold. */
  get sourceIds(): ReadonlySet<string> {
    this.#sourceIds ??= sourceIdsOf(this.plan.actions.map(({ sourceId, targetId }) => [sourceId, targetId]));
    return this.#sourceIds;
  }

  get counts(): { done: number; pending: number } {
    let done = 0;
    for (const status of this.status) if (status === 'done') done += 1;
    return { done, pending: this.status.length - done };
  }

  apply(event: ActionEvent): void {
    this.status[event.index] = event.status;
    if (event.targetId !== undefined) this.learn(event.index, event.targetId);
    if (event.status === 'done' || event.status === 'undone') this.unlinked.delete(event.index);
    if (event.status === 'undone' && this.action(event.index).action === 'create') this.forget(event.index);
  }

  get #closure(): ReadonlySet<string> {
    this.#closureIds ??= new Set(this.plan.actions.map(({ sourceId }) => sourceId));
    return this.#closureIds;
  }
  #closureIds: Set<string> | undefined;

  /** Stores the plan and its bodies with the clone, so that any process can carry it on. */
  async store(clones: CloneStore): Promise<void> {
    const { cloneId } = this.header;
    const { warnings } = this.plan;
    const firsts = this.#documents.firsts();
    const isLarge = this.#documents.isLarge();
    const documents = this.#documents.store(clones, cloneId);
    // Side by side, unless that were too much to hold: nobody takes the plan up before the record says that it is whole.
    if (isLarge) await documents;
    await Promise.all([
      documents,
      clones.putPart(cloneId, 'plan', { plan: this.plan, firsts }),
      ...(warnings.length > 0 ? [clones.putPart(cloneId, WARNINGS_PART, warnings)] : []),
    ]);
  }

  /** Loads a clone's plan and what became of it so far; `undefined` when no plan was stored. */
  static async load(header: WorkHeader, clones: CloneStore, ledger: Ledger): Promise<Work | undefined> {
    const { cloneId, pair } = header;
    const stored = await clones.getPart<{ plan: Plan; firsts: number[] }>(cloneId, 'plan');
    if (stored === undefined) return undefined;
    const work = new Work(header, stored.plan, Documents.stored(clones, cloneId, stored.firsts));
    for (const event of await clones.events(cloneId)) work.apply(event);
    await work.#reconcile(ledger, pair);
    return work;
  }

  /** The ledger knows more than the events when a process died between the two. */
  async #reconcile(ledger: Ledger, pair: Pair): Promise<void> {
    const open = this.plan.actions.flatMap((action, index) =>
      action.action === 'create' && isOpen(this.status[index]) ? [{ action, index }] : [],
    );
    if (open.length === 0) return;
    const rows = await ledger.rows(
      pair,
      open.map(({ action }) => action.sourceId),
    );
    const intended = new Set(
      (await ledger.intents(pair, this.header.cloneId)).flatMap(({ intents }) =>
        intents.map(({ sourceId }) => sourceId),
      ),
    );
    for (const { action, index } of open) {
      const row = rows.get(action.sourceId);
      if (row && row.cloneId === this.header.cloneId) {
        const known = this.targetIdOf(index);
        this.learn(index, row.targetId);
        if (!this.unlinked.has(index)) this.status[index] = 'done';
        const status = this.status[index] ?? 'pending';
        if (status === 'done' || known !== row.targetId) {
          this.untold.push({ event: { index, status, targetId: row.targetId }, row });
        }
        continue;
      }
      if (row && row.targetId !== action.replaces) this.overtaken.set(index, row.cloneId);
      if (intended.has(action.sourceId)) this.doubtful.add(index);
    }
  }
}

/** One that failed is tried again by who goes on. */
function isOpen(status: ActionStatus | undefined): boolean {
  return status === 'pending' || status === 'failed';
}
