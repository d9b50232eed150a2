import { forEachConcurrently } from '../model/concurrent.ts';
import { FlowferryError, isOwnTrouble, type Problem } from '../model/problem.ts';
import type { Document } from '../model/resource.ts';
import { storedHashOf } from '../plan/stored.ts';
import type { LedgerRow } from '../ports.ts';
import { alone } from './alone.ts';
import type { ApplyContext } from './context.ts';
import { bodySent, findMade } from './create.ts';
import { untilThere } from './fresh.ts';
import { runGraph } from './graph.ts';
import { GroupUndo } from './group-undo.ts';
import { underLease } from './lease.ts';
import { asItIs } from './own.ts';
import { type BeforeImage, beforePart, replaceCopy } from './steps.ts';
import { TIERS } from './tiers.ts';

/** Undoing calls that are open at once. */
const OPEN_UNDOS = 64;

/** Doubtful creates that are looked for at once; all that ask at once share one list a type. */
const OPEN_DOUBTS = 256;

/**
 * Undoes what a clone did: puts back what it changed, deletes what it made in reverse order of need, and last takes
 * its flow groups out of integrations. Can be stopped and begun again at any point: what is undone already is gone,
 * or as it was.
 *
 * @param refused actions whose undoing was refused before: asked for again last of all; those refused now are added
 * @param staying ids of copies that something else has come to need: they are not deleted
 */
export async function undoPlan(
  context: ApplyContext,
  shouldStop: () => boolean,
  { refused = new Map(), staying = new Set() }: Partial<UndoState> = {},
): Promise<Undone> {
  const { work } = context;
  const left = refused;
  let isCut = false;
  const attempt = async (index: number, undo: () => Promise<void>): Promise<void> => {
    if (shouldStop()) {
      // What was refused once need not be asked for again.
      isCut ||= !left.has(index);
      return;
    }
    try {
      await undo();
      work.status[index] = 'undone';
      left.delete(index);
      context.recorder.add({ index, status: 'undone' });
    } catch (error) {
      if (isOwnTrouble(error)) throw error;
      left.set(index, problemOf(context, index, error));
    }
  };
  const touched = (kind: string): number[] =>
    work.plan.actions.flatMap(({ action }, index) =>
      action === kind && work.status[index] !== 'undone' ? [index] : [],
    );
  // Integrations come last: which of their flow groups are still needed is known when the flows are gone.
  const [integrations, others] = split(touched('update'), (index) => isIntegration(context, index));

  await forEachConcurrently(others, OPEN_UNDOS, (index) => attempt(index, () => restore(context, index)));
  const made = touched('create').filter((index) => work.targetIdOf(index) !== undefined);
  const [kept, going] = split(made, (index) => staying.has(work.targetIdOf(index) ?? ''));
  for (const index of kept) left.set(index, problemOf(context, index, STILL_NEEDED));
  const fresh = going.filter((index) => !left.has(index));
  for (const tier of TIERS) {
    const members = fresh.filter((index) => tier.includes(work.action(index).type));
    await forEachConcurrently(members, OPEN_UNDOS, (index) => attempt(index, () => remove(context, index)));
  }
  // What one type needs of the same type, or the other way round, is gone by now: as long as something goes, the
  // rest is asked for again.
  const unwilling = (): number[] => going.filter((index) => left.has(index));
  for (let before = going.length + 1, again = unwilling(); again.length > 0 && again.length < before; ) {
    before = again.length;
    await forEachConcurrently(again, OPEN_UNDOS, (index) => attempt(index, () => remove(context, index)));
    again = unwilling();
  }
  const groups = new GroupUndo(context);
  await forEachConcurrently(integrations, OPEN_UNDOS, (index) =>
    attempt(index, async () => {
      if (isAfterOthers(context, index)) return;
      await alone(context, work.targetIdOf(index) ?? '', () => restore(context, index, groups));
    }),
  );
  if (shouldStop()) isCut ||= hasAdopted(context);
  else await forgetAdopted(context);
  await context.recorder.flush();
  return { left: [...left.values()], isCut };
}

/** What is known of an undoing that goes on. */
export interface UndoState {
  refused: Map<number, Problem>;
  staying: ReadonlySet<string>;
}

/** How far an undoing came. */
export interface Undone {
  /** What could not be undone, by name and with the reason. */
  left: Problem[];
  /** It was stopped before everything was tried. */
  isCut: boolean;
}

const STILL_NEEDED = new FlowferryError('still_used', 'something else in the account needs it by now');

function problemOf({ work }: ApplyContext, index: number, error: unknown): Problem {
  const { type, name, sourceId } = work.action(index);
  const reason = error instanceof Error ? error.message : String(error);
  return { code: 'undo_failed', message: `${type} "${name}" could not be undone: ${reason}`, type, sourceId };
}

function isIntegration({ work }: ApplyContext, index: number): boolean {
  return work.action(index).type === 'integration';
}

function split<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

/**
 * Finds what doubtful creates made after all, so that it is undone like the rest: first what others need, for the
 * bodies of these name it. Must be over before anything is deleted, when ids are forgotten.
 */
export async function settleDoubts(context: ApplyContext): Promise<void> {
  const { work, recorder } = context;
  const doubtful = new Set([...work.doubtful].filter((index) => work.targetIdOf(index) === undefined));
  const begun = context.clock.monotonic();
  const { errors } = await runGraph(
    {
      needs: work.plan.actions.map(({ needs }) => needs),
      isDone: (index) => !doubtful.has(index),
      run: async (index) => {
        const body = await bodySent(context, index);
        const found = body && (await findMade(context, index, body, begun));
        if (!found) return;
        work.learn(index, found._id);
        recorder.add({ index, status: 'done', targetId: found._id });
      },
    },
    OPEN_DOUBTS,
    () => false,
  );
  if (errors.length > 0) throw errors[0];
  await recorder.flush();
}

async function remove(context: ApplyContext, index: number): Promise<void> {
  const { work, account, clock, ledger, lease } = context;
  const { type, sourceId } = work.action(index);
  const targetId = work.targetIdOf(index);
  if (targetId === undefined) return;
  await refuseForeign(context, index);
  const removeIt = () => account.remove(type, targetId, underLease(context));
  // What was made a moment ago may look gone already.
  await untilThere(clock, async () => (await removeIt()) || undefined);
  await ledger.forget(lease, [{ sourceId, targetId }]);
}

/**
 * Puts an object back as it was before, unless somebody has changed it since; without an image it was never changed.
 * Whether a flow is enabled is the target's own, and so are an integration's groups that we did not add.
 *
 * Throws `changed_since`, `written_since`.
 */
async function restore(context: ApplyContext, index: number, groups?: GroupUndo): Promise<void> {
  const { work, account, clones, ledger, lease } = context;
  const { type, sourceId, groupsOnly, targetId } = work.action(index);
  const image = await clones.getPart<BeforeImage>(work.header.cloneId, beforePart(index));
  if (image === undefined || targetId === undefined) return;
  const row = groupsOnly ? undefined : await refuseForeign(context, index, image.row?.cloneId);
  const current = await account.get(type, targetId);
  if (current === undefined) {
    if (groupsOnly) return;
    throw new FlowferryError('changed_since', 'it was deleted since');
  }
  // An earlier try may have come as far as that, and no further.
  const isBack = storedHashOf(type, current) === storedHashOf(type, image.document);
  if (!isBack && row?.cloneId === work.header.cloneId && !isAsWritten(row, current)) {
    throw new FlowferryError('changed_since', 'somebody has changed it since');
  }
  const body = asItIs(type, groupsOnly ? current : image.document);
  if (type === 'flow') body['disabled'] = current['disabled'] === true;
  const kept = await groups?.without(index, current, image.document);
  if (kept) body['flowGroupings'] = kept;
  if (!isBack || groups) await replaceCopy(context, type, current, body);
  if (groupsOnly) return;
  if (image.row === undefined) await ledger.forget(lease, [{ sourceId, targetId }]);
  else await ledger.record(lease, [{ ...image.row, applied: image.applied }]);
}

/** Groups were added to one integration one after the other: the first image is from before them all. */
function isAfterOthers({ work }: ApplyContext, index: number): boolean {
  const { groupsOnly, targetId } = work.action(index);
  if (!groupsOnly) return false;
  return work.plan.actions.findIndex((one) => one.groupsOnly && one.targetId === targetId) !== index;
}

/** Whether a copy is what the write that the row tells of has left. */
function isAsWritten({ type, storedHash }: LedgerRow, current: Document): boolean {
  return storedHash === undefined || storedHash === storedHashOf(type, current);
}

/**
 * The ledger's row of an action's copy. A copy that a later clone wrote to is that clone's: undoing this one must not
 * take it away (`written_since`).
 */
async function refuseForeign(
  { work, ledger }: ApplyContext,
  index: number,
  writtenBefore?: string,
): Promise<LedgerRow | undefined> {
  const { cloneId, pair } = work.header;
  const { sourceId } = work.action(index);
  const row = (await ledger.rows(pair, [sourceId])).get(sourceId);
  if (row === undefined || row.targetId !== work.targetIdOf(index)) return undefined;
  if (row.cloneId === cloneId || row.cloneId === writtenBefore) return row;
  throw new FlowferryError('written_since', `clone ${row.cloneId} has written it since`);
}

/** What was only taken over into the ledger, and never written, is not ours any more. */
async function forgetAdopted(context: ApplyContext): Promise<void> {
  const { work, ledger, lease } = context;
  const { cloneId, pair } = work.header;
  if (!hasAdopted(context)) return;
  const rows = await ledger.rows(pair, adoptedIds(context));
  await ledger.forget(
    lease,
    [...rows.values()].filter((row) => row.cloneId === cloneId && !row.made),
  );
}

function adoptedIds({ work }: ApplyContext): string[] {
  return work.plan.actions.flatMap(({ action, adopted, sourceId }) =>
    adopted && (action === 'unchanged' || action === 'reuse') ? [sourceId] : [],
  );
}

function hasAdopted(context: ApplyContext): boolean {
  return adoptedIds(context).length > 0;
}
