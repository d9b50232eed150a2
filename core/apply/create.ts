import { codeOf } from '../model/problem.ts';
import type { Document, JsonObject, ResourceType } from '../model/resource.ts';
import type { ApplyContext } from './context.ts';
import { underLease } from './lease.ts';
import { outcomeOf } from './steps.ts';
import { verifyStored } from './verify.ts';

/** How often one create is sent before it counts as failed for good. */
const MOST_SENDS = 5;

/** So many creates of one type and name are told apart, at most. */
const MOST_RIVALS = 50;

/** Makes one copy: found again if an earlier try made it, sent otherwise, and verified. */
export async function createCopy(context: ApplyContext, index: number): Promise<void> {
  const { work } = context;
  const { type } = work.action(index);
  await context.intents.ensure(index);
  const body = await context.bodies.forCreate(index);
  const found = work.doubtful.has(index) ? await findMade(context, index, body) : undefined;
  const answer = found ?? (await send(context, index, body));
  work.learn(index, answer._id);
  if (type === 'integration') context.bodies.learnGroups(answer);
  const isLinked = !work.unlinked.has(index);
  if (isLinked) work.status[index] = 'done';
  context.recorder.add(
    { index, status: isLinked ? 'done' : 'pending', targetId: answer._id },
    outcomeOf(context, index, answer, body),
  );
  // Equal twins are told apart by the ledger alone: before anything names one, it must be known whose it is.
  if (work.namesakes(index).length > 0) await context.recorder.recorded();
  await verifyStored(context, index, answer, body);
}

/**
 * What an earlier try of a create in doubt has made: found by its content, or by the ledger, where the worker that this
 * one took over from has recorded it since.
 *
 * @param lostAt when its answer was lost (monotonic, ms); left out where that was before this process began
 */
export async function findMade(
  context: ApplyContext,
  index: number,
  body: JsonObject,
  lostAt?: number,
): Promise<Document | undefined> {
  const { adopter, ledger, account, work } = context;
  const { type, sourceId } = work.action(index);
  const found = await adopter.find(type, body, lostAt, await rivalsOf(context, index));
  if (found) return found;
  const { pair, cloneId } = work.header;
  const row = (await ledger.rows(pair, [sourceId])).get(sourceId);
  if (row?.cloneId !== cloneId || !adopter.claim(row.targetId)) return undefined;
  return account.get(type, row.targetId);
}

/** Bodies of other creates of the same type and name whose copies are not known either. */
async function rivalsOf(context: ApplyContext, index: number): Promise<JsonObject[]> {
  const { work } = context;
  const open = work
    .namesakes(index)
    .filter((other) => work.targetIdOf(other) === undefined)
    .slice(0, MOST_RIVALS);
  const bodies = await Promise.all(open.map((other) => bodySent(context, other)));
  return bodies.filter((body) => body !== undefined);
}

/** The body a create is sent with; `undefined` where it can't have been sent, since what it needs was never made. */
export async function bodySent(context: ApplyContext, index: number): Promise<JsonObject | undefined> {
  try {
    return await context.bodies.forCreate(index);
  } catch (error) {
    if (codeOf(error) !== 'order_broken') throw error;
    return undefined;
  }
}

async function send(context: ApplyContext, index: number, body: JsonObject): Promise<Document> {
  const { work, account, adopter } = context;
  const { type } = work.action(index);
  if (work.doubtful.has(index)) await resending(context, type);
  for (let sends = 1; ; sends += 1) {
    try {
      const answer = await account.create(type, body, underLease(context));
      if (adopter.claim(answer._id)) return answer;
      // An equal create in doubt took it over while its answer was on the way. What that one's lost call made, if
      // it made anything, is ours now.
    } catch (error) {
      if (codeOf(error) !== 'answer_lost') throw error;
      // Known even where nothing is tried again: undoing has to look for it, too.
      work.doubtful.add(index);
      if (sends >= MOST_SENDS) throw error;
    }
    const found = await adopter.find(type, body, context.clock.monotonic(), await rivalsOf(context, index));
    if (found) return found;
    await resending(context, type);
  }
}

async function resending({ resent, onResend, clock }: ApplyContext, type: ResourceType): Promise<void> {
  const isKnown = resent.has(type);
  resent.set(type, clock.monotonic());
  if (!isKnown) await onResend(type);
}
