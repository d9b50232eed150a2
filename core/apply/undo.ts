import { forEachConcurrently } from '../model/concurrent.ts';
import { codeOf, FlowferryError, type Problem } from '../model/problem.ts';
import type { JsonObject, ResourceType } from '../model/resource.ts';
import type { ApplyContext } from './context.ts';
import { runGraph } from './graph.ts';
import { asItIs } from './own.ts';
import { type BeforeImage, beforePart, holdLease } from './steps.ts';

/** Undoing calls that are open at once. */
const OPEN_UNDOS = 64;

/** Doubtful creates that are looked for at once; all that ask at once share one list a type. */
const OPEN_DOUBTS = 256;

/** The reverse of need: what names others goes before what is named. */
export const TIERS: readonly (readonly ResourceType[])[] = [
  ['flow'],
  ['tool', 'api'],
  ['import', 'asynchelper'],
  ['export'],
  ['integration', 'lookupcache', 'ediprofile', 'filedefinition', 'script'],
  ['connection', 'iclient', 'stack', 'agent'],
];

/**
 * Undoes what a clone did: deletes what it made, in reverse order of need, and puts back what it changed. Can be
 * stopped and begun again at any point: what is undone already is gone, or equal to its image.
 *
 * @returns what could not be undone, by name and with the reason.
 */
export async function undoPlan(context: ApplyContext, shouldStop: () => boolean): Promise<Problem[]> {
  const { work } = context;
  const left = new Map<number, Problem>();
  const attempt = async (index: number, undo: () => Promise<void>): Promise<void> => {
    if (shouldStop()) return;
    try {
      await undo();
      work.status[index] = 'undone';
      left.delete(index);
      context.recorder.add({ index, status: 'undone' });
    } catch (error) {
      const { type, name, sourceId } = work.action(index);
      const reason = error instanceof Error ? error.message : String(error);
      left.set(index, {
        code: 'undo_failed',
        message: `${type} "${name}" could not be undone: ${reason}`,
        type,
        sourceId,
      });
    }
  };
  const touched = (kind: string): number[] =>
    work.plan.actions.flatMap(({ action }, index) =>
      action === kind && work.status[index] !== 'undone' ? [index] : [],
    );

  await forEachConcurrently(touched('update'), OPEN_UNDOS, (index) =>
    attempt(index, () => restore(context, index)),
  );
  const made = touched('create').filter((index) => work.targetIdOf(index) !== undefined);
  for (const tier of TIERS) {
    const members = made.filter((index) => tier.includes(work.action(index).type));
    await forEachConcurrently(members, OPEN_UNDOS, (index) => attempt(index, () => remove(context, index)));
  }
  // What one type needs of the same type, or the other way round, is gone by now: as long as something goes, the
  // rest is asked for again.
  const refused = (): number[] => made.filter((index) => left.has(index));
  for (let before = made.length, again = refused(); again.length > 0 && again.length < before; ) {
    before = again.length;
    await forEachConcurrently(again, OPEN_UNDOS, (index) => attempt(index, () => remove(context, index)));
    again = refused();
  }
  await context.recorder.flush();
  return [...left.values()];
}

/**
 * Finds what doubtful creates made after all, so that it is undone like the rest: first what others need, for the
 * bodies of these name it. Must be over before anything is deleted, when ids are forgotten.
 */
export async function settleDoubts(context: ApplyContext): Promise<void> {
  const { work, adopter, recorder } = context;
  const doubtful = new Set([...work.doubtful].filter((index) => work.targetIdOf(index) === undefined));
  const begun = context.clock.monotonic();
  const { errors } = await runGraph(
    {
      needs: work.plan.actions.map(({ needs }) => needs),
      isDone: (index) => !doubtful.has(index),
      run: async (index) => {
        const body = await sentBody(context, index);
        const found = body && (await adopter.find(work.action(index).type, body, begun));
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

/** The body a create was sent with; `undefined` where it can't have been sent, since what it needs was never made. */
async function sentBody(context: ApplyContext, index: number): Promise<JsonObject | undefined> {
  try {
    return await context.bodies.forCreate(index);
  } catch (error) {
    if (codeOf(error) !== 'order_broken') throw error;
    return undefined;
  }
}

async function remove(context: ApplyContext, index: number): Promise<void> {
  const { work, account, ledger, lease } = context;
  const { type, sourceId } = work.action(index);
  const targetId = work.targetIdOf(index);
  if (targetId === undefined) return;
  await refuseForeign(context, index);
  await holdLease(context);
  await account.remove(type, targetId);
  await ledger.forget(lease, [{ sourceId, targetId }]);
}

/** Puts an object back as it was; `undefined` image: it was never changed. */
async function restore(context: ApplyContext, index: number): Promise<void> {
  const { work, account, clones, ledger, lease } = context;
  const { type, sourceId, groupsOnly, targetId } = work.action(index);
  const image = await clones.getPart<BeforeImage>(work.header.cloneId, beforePart(index));
  if (image === undefined || targetId === undefined) return;
  // Groups were added to one integration one after the other: the first image is from before them all.
  if (
    groupsOnly &&
    work.plan.actions.findIndex((one) => one.groupsOnly && one.targetId === targetId) !== index
  )
    return;
  if (!groupsOnly) await refuseForeign(context, index, image.row?.cloneId);
  const body = asItIs(type, image.document);
  if (type === 'integration') keepGroupIds(body, image.document);
  await holdLease(context);
  await account.replace(type, targetId, body);
  if (groupsOnly) return;
  if (image.row === undefined) await ledger.forget(lease, [{ sourceId, targetId }]);
  else await ledger.record(lease, [{ ...image.row, applied: image.applied }]);
}

/** A copy that a later clone wrote to is that clone's: undoing this one must not take it away. */
async function refuseForeign(
  { work, ledger }: ApplyContext,
  index: number,
  writtenBefore?: string,
): Promise<void> {
  const { cloneId, pair } = work.header;
  const { sourceId } = work.action(index);
  const row = (await ledger.rows(pair, [sourceId])).get(sourceId);
  if (row === undefined || row.targetId !== work.targetIdOf(index)) return;
  if (row.cloneId === cloneId || row.cloneId === writtenBefore) return;
  throw new FlowferryError('written_since', `clone ${row.cloneId} has written it since`);
}

/** Flows of the target that were there before stay in their groups only if the groups keep their ids. */
function keepGroupIds(body: JsonObject, before: JsonObject): void {
  body['flowGroupings'] = before['flowGroupings'] ?? [];
}
