import { FlowferryError, isOwnTrouble } from '../model/problem.ts';
import type { Document, JsonObject } from '../model/resource.ts';
import { extras } from '../plan/compare.ts';
import type { ApplyContext } from './context.ts';
import { createCopy } from './create.ts';
import { type GraphResult, runGraph } from './graph.ts';
import { underLease } from './lease.ts';
import { register } from './registering.ts';
import { adoptCopy, linkCopy, updateCopy } from './steps.ts';

/** How many actions are open at once; the account's gate decides how fast their calls go out. */
const OPEN_ACTIONS = 256;

/**
 * Carries out a plan, or goes on with it: every object as soon as what it needs exists, late links as soon as
 * their targets do. Decides nothing: all of it is in the plan.
 *
 * @param shouldStop asked before each action; what is under way is always finished
 */
export async function applyPlan(context: ApplyContext, shouldStop: () => boolean): Promise<GraphResult> {
  const { work } = context;
  const { actions, registrations } = work.plan;
  const links = [...work.unlinked];
  const adopted = actions.flatMap(({ action, adopted: taken }, index) =>
    taken && (action === 'unchanged' || action === 'reuse') && !work.takenOver.has(index) ? [index] : [],
  );
  const firstAdopted = actions.length + links.length;
  const firstRegistration = firstAdopted + adopted.length;
  const finished = new Set<number>();
  const isOver = (task: number): boolean =>
    finished.has(task) || (task >= firstRegistration && work.registered.has(task - firstRegistration));

  const needs: number[][] = [
    ...actions.map((action) => [...action.needs]),
    ...links.map((index) => [index, ...(actions[index]?.late ?? [])]),
    ...adopted.map((index) => [...(actions[index]?.needs ?? [])]),
    ...registrations.map(({ integration, connections }) => [
      ...(integration === undefined ? [] : [integration]),
      ...indexesOf(context, connections),
    ]),
  ];
  // What has an id is made, whatever became of it since: it is never made twice.
  const isMade = (index: number): boolean =>
    work.status[index] === 'done' ||
    (actions[index]?.action === 'create' && work.targetIdOf(index) !== undefined);
  const carryOut = async (task: number): Promise<void> => {
    if (task >= firstRegistration) {
      await register(context, task - firstRegistration);
      work.registered.add(task - firstRegistration);
    } else if (task >= firstAdopted) {
      const index = adopted[task - firstAdopted] ?? -1;
      await adoptCopy(context, index);
      work.takenOver.add(index);
    } else if (task >= actions.length) {
      await linkCopy(context, links[task - actions.length] ?? -1);
    } else if (actions[task]?.action === 'create') {
      await createCopy(context, task);
    } else {
      await updateCopy(context, task);
    }
  };
  /** The action that a task is about, if it is about one. */
  const actionOf = (task: number): number | undefined =>
    task < actions.length ? task : (links[task - actions.length] ?? adopted[task - firstAdopted]);
  const result = await runGraph(
    {
      needs,
      isDone: (task) => {
        if (task < actions.length) return isMade(task);
        return isOver(task);
      },
      run: async (task) => {
        await context.recorder.room();
        const index = actionOf(task);
        try {
          await carryOut(task);
        } catch (error) {
          throw index === undefined ? error : failureOf(context, index, error);
        }
        finished.add(task);
        if (index !== undefined) work.release(index);
      },
    },
    OPEN_ACTIONS,
    shouldStop,
  );
  await context.recorder.flush();
  return result;
}

/** Marks an action that went wrong for good, and says of the error which resource it is about. */
function failureOf(context: ApplyContext, index: number, error: unknown): unknown {
  const { work, recorder } = context;
  if (!(error instanceof FlowferryError) || isOwnTrouble(error)) return error;
  const { action, type, sourceId } = work.action(index);
  const isMade = action === 'create' ? work.targetIdOf(index) !== undefined : work.status[index] === 'done';
  if (!isMade && work.status[index] === 'pending') {
    work.status[index] = 'failed';
    recorder.add({ index, status: 'failed' });
  }
  const { code, message, problems } = error;
  const place = { type, sourceId };
  return new FlowferryError(code, message, {
    problems: (problems.length > 0 ? problems : [{ code, message }]).map((one) => ({ ...place, ...one })),
    cause: error,
  });
}

function indexesOf(context: ApplyContext, sourceIds: readonly string[]): number[] {
  const wanted = new Set(sourceIds);
  return context.work.plan.actions.flatMap(({ sourceId }, index) => (wanted.has(sourceId) ? [index] : []));
}

/**
 * Deletes late twins: a create that was sent again may have landed twice, its first try long after. Looks once
 * more at every type where that can have happened.
 *
 * @returns what was deleted.
 */
export async function removeLateTwins(
  context: ApplyContext,
): Promise<{ type: string; targetId: string; name: string }[]> {
  const { work, account, adopter } = context;
  const removed: { type: string; targetId: string; name: string }[] = [];
  for (const type of context.resent.keys()) {
    const indexes = work.plan.actions.flatMap((action, index) =>
      action.action === 'create' && action.type === type ? [index] : [],
    );
    const kept = new Set(indexes.map((index) => work.targetIdOf(index)));
    const names = await Promise.all(indexes.map((index) => nameSent(context, index)));
    const byName = Map.groupBy(indexes, (_, position) => names[position] ?? '');
    for (const candidate of await adopter.strays(type)) {
      if (kept.has(candidate._id)) continue;
      for (const index of byName.get(String(candidate['name'])) ?? []) {
        const action = work.action(index);
        const body = await context.bodies.forCreate(index);
        const twin = await adopter.isMadeFrom(action.type, candidate, body);
        if (!twin || !(await isTwin(context, index, twin, body))) continue;
        await account.remove(action.type, candidate._id, underLease(context));
        removed.push({ type, targetId: candidate._id, name: action.name });
        break;
      }
    }
  }
  return removed;
}

/**
 * Whether an object holds nothing beside what was sent but what the kept copy holds as well: that is what integrator.io
 * adds. One that holds more is somebody's own.
 */
async function isTwin(
  { work, account }: ApplyContext,
  index: number,
  candidate: Document,
  body: JsonObject,
): Promise<boolean> {
  const { type } = work.action(index);
  const more = extras(type, candidate, body);
  if (more.length === 0) return true;
  const kept = await account.get(type, work.targetIdOf(index) ?? '');
  const usual = new Set(kept && extras(type, kept, body));
  return more.every((path) => usual.has(path));
}

/** The name a create was sent with: an override may have changed it. */
async function nameSent({ work, bodies }: ApplyContext, index: number): Promise<string> {
  const { name } = work.action(index);
  if (bodies.patches(index).length === 0) return name;
  return String((await bodies.forCreate(index))['name'] ?? name);
}
