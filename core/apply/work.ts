import type { ActionStatus } from '../model/clone.ts';
import type { CloneRequest } from '../model/request.ts';
import type { JsonObject } from '../model/resource.ts';
import type { SyncOrder } from '../model/sync.ts';
import { sourceIdsOf } from '../plan/ids.ts';
import type { Plan, PlannedAction, PlanWithBodies } from '../plan/plan.ts';
import type { ActionEvent, CloneStore, Ledger, Pair } from '../ports.ts';

/** How many bodies rest in one stored part. */
const BODIES_A_PART = 250;

/** What a clone is about, wherever it is carried on. */
export interface WorkHeader {
  cloneId: string;
  attempt: number;
  pair: Pair;
  request: CloneRequest;
  /** Of a sync's run: copies are merged. */
  order?: SyncOrder | undefined;
}

interface StoredBody {
  index: number;
  hash: string;
  body: string;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** A plan on its way: what is done, and which ids came of it. */
export class Work {
  readonly header: WorkHeader;
  readonly plan: Plan;
  /** Ids of the source's closure that must not be sent; grows smaller never. */
  readonly status: ActionStatus[];
  /** Creates that an earlier attempt intended and whose outcome is not known. */
  readonly doubtful = new Set<number>();
  /** Creates whose late links are still to be written. */
  readonly unlinked = new Set<number>();
  /** What the ledger told and no event did: to be appended, for the report is made from events alone. */
  readonly untold: ActionEvent[] = [];
  readonly #bodies: Map<number, Uint8Array>;
  readonly #hashes: Map<number, string>;
  readonly #ids = new Map<string, string>();
  #sourceIds: Set<string> | undefined;

  constructor(header: WorkHeader, { plan, bodies, hashes }: PlanWithBodies) {
    this.header = header;
    this.plan = plan;
    this.#bodies = bodies;
    this.#hashes = hashes;
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

  /** The stripped source document of an action; `undefined` where nothing of it is written. */
  document(index: number): JsonObject | undefined {
    const bytes = this.#bodies.get(index);
    return bytes && (JSON.parse(decoder.decode(bytes)) as JsonObject);
  }

  documentHash(index: number): string {
    return this.#hashes.get(index) ?? '';
  }

  targetId(sourceId: string): string | undefined {
    return this.#ids.get(sourceId);
  }

  targetIdOf(index: number): string | undefined {
    return this.#ids.get(this.action(index).sourceId);
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
    const stored: StoredBody[] = [...this.#bodies].map(([index, bytes]) => ({
      index,
      hash: this.#hashes.get(index) ?? '',
      body: decoder.decode(bytes),
    }));
    const parts = Math.ceil(stored.length / BODIES_A_PART);
    const writes = Array.from({ length: parts }, (_, part) =>
      clones.putPart(
        cloneId,
        `bodies-${part}`,
        stored.slice(part * BODIES_A_PART, (part + 1) * BODIES_A_PART),
      ),
    );
    await Promise.all([...writes, clones.putPart(cloneId, 'plan', { plan: this.plan, parts })]);
  }

  /** Loads a clone's plan and what became of it so far; `undefined` when no plan was stored. */
  static async load(header: WorkHeader, clones: CloneStore, ledger: Ledger): Promise<Work | undefined> {
    const { cloneId, pair } = header;
    const stored = await clones.getPart<{ plan: Plan; parts: number }>(cloneId, 'plan');
    if (stored === undefined) return undefined;
    const bodies = new Map<number, Uint8Array>();
    const hashes = new Map<number, string>();
    const parts = await Promise.all(
      Array.from({ length: stored.parts }, (_, part) =>
        clones.getPart<StoredBody[]>(cloneId, `bodies-${part}`),
      ),
    );
    for (const { index, hash, body } of parts.flatMap((part) => part ?? [])) {
      bodies.set(index, encoder.encode(body));
      hashes.set(index, hash);
    }
    const work = new Work(header, { plan: stored.plan, bodies, hashes });
    for (const event of await clones.events(cloneId)) work.apply(event);
    await work.#reconcile(ledger, pair);
    return work;
  }

  /** The ledger knows more than the events when a process died between the two. */
  async #reconcile(ledger: Ledger, pair: Pair): Promise<void> {
    const open = this.plan.actions.flatMap((action, index) =>
      action.action === 'create' && this.status[index] === 'pending' ? [{ action, index }] : [],
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
          this.untold.push({ index, status, targetId: row.targetId });
        }
      } else if (intended.has(action.sourceId)) {
        this.doubtful.add(index);
      }
    }
  }
}
