import { hashOf } from '../model/canonical.ts';
import { FlowferryError, type Problem } from '../model/problem.ts';
import type { Document, Json, JsonObject, ResourceType } from '../model/resource.ts';
import type { SyncOrder } from '../model/sync.ts';
import { mergeGroups } from '../plan/body.ts';
import { isUntouched, mergeCopy } from '../plan/merging.ts';
import { storedHashOf } from '../plan/stored.ts';
import type { LedgerRow, Outcome } from '../ports.ts';
import { maskedPaths, mergeable, SAMPLE_FIELDS } from '../references/index.ts';
import { alone } from './alone.ts';
import type { ApplyContext } from './context.ts';
import { untilTaken, untilThere } from './fresh.ts';
import { underLease } from './lease.ts';
import { asItIs } from './own.ts';
import { verifyStored } from './verify.ts';

/** What an object was before it was changed; kept until the clone is deleted. */
export interface BeforeImage {
  document: Document;
  row: LedgerRow | undefined;
  applied: JsonObject | undefined;
}

/** Name of the stored part that holds what an action's object was before. */
export function beforePart(index: number): string {
  return `before-${index}`;
}

/** Writes what differs to a copy that is there already, after its present state is kept for undoing. */
export async function updateCopy(context: ApplyContext, index: number): Promise<void> {
  const { groupsOnly, targetId = '' } = context.work.action(index);
  if (groupsOnly) return alone(context, targetId, () => writeCopy(context, index));
  return writeCopy(context, index);
}

async function writeCopy(context: ApplyContext, index: number): Promise<void> {
  const { work, account } = context;
  const action = work.action(index);
  const targetId = action.targetId ?? '';
  const current = await account.get(action.type, targetId);
  if (current === undefined) throw vanished(action.type, action.name, targetId);
  const image = await keepBeforeImage(context, index, current);
  if (work.header.order !== undefined && !action.groupsOnly) {
    return mergeIntoCopy(context, work.header.order, index, current, image);
  }
  const meant = action.groupsOnly ? withGroups(context, index, current) : await context.bodies.whole(index);
  const body = action.groupsOnly ? meant : asUpdate(action.type, meant, current);
  const answer = await replaceCopy(context, action.type, current, body);
  if (action.type === 'integration') context.bodies.learnGroups(answer);
  work.status[index] = 'done';
  const outcome = action.groupsOnly ? undefined : outcomeOf(context, index, answer, meant);
  context.recorder.add({ index, status: 'done' }, outcome);
  await verifyStored(context, index, answer, body);
}

/**
 * PUT of a copy. A flow that moves to another integration may have to leave its group on the way: integrator.io answers
 * `flowgrouping_not_belong` to one that names a group while it moves.
 */
export async function replaceCopy(
  context: ApplyContext,
  type: ResourceType,
  current: Document,
  body: JsonObject,
): Promise<Document> {
  const put = (document: JsonObject): Promise<Document> =>
    context.account.replace(type, current._id, document, underLease(context));
  const isMoving = type === 'flow' && current['_integrationId'] !== body['_integrationId'];
  try {
    return await put(body);
  } catch (error) {
    const isRefused = error instanceof FlowferryError && error.problems.some(isOfGroup);
    const { _flowGroupingId: group, ...ungrouped } = body;
    if (!isMoving || !isRefused || group === undefined) throw error;
    await put(ungrouped);
    return put(body);
  }
}

function isOfGroup({ code }: Problem): boolean {
  return code === 'flowgrouping_not_belong';
}

function vanished(type: ResourceType, name: string, targetId: string): FlowferryError {
  return new FlowferryError(
    'target_vanished',
    `The copy ${targetId} of ${type} "${name}" was deleted while the clone ran.`,
  );
}

/** An integration that is not ours, as it is, with the groups that cloned flows are in. */
function withGroups({ work }: ApplyContext, index: number, current: Document): JsonObject {
  const wanted = Object.values(work.plan.groups).flatMap(({ integration, name }) =>
    integration === index ? [{ name }] : [],
  );
  return { ...asItIs('integration', current), flowGroupings: mergeGroups(current, wanted) };
}

/** What a PUT carries, see `withOwn`; no flow group is taken away. */
function asUpdate(type: ResourceType, meant: JsonObject, current: Document): JsonObject {
  const body = withOwn(type, meant, current);
  if (type === 'integration') {
    body['flowGroupings'] = mergeGroups(current, (meant['flowGroupings'] ?? []) as JsonObject[]);
  }
  return body;
}

/** What is the target's own in a copy of ours stays as it is there. */
function withOwn(type: ResourceType, meant: JsonObject, current: Document): JsonObject {
  const body = { ...meant };
  if (type === 'flow') body['disabled'] = current['disabled'] === true;
  if (type === 'export') keepWebhookToken(body, current);
  keepSamples(body, current);
  return body;
}

/** Sample data that is not copied may have been gathered in the target since. */
function keepSamples(body: JsonObject, current: Document): void {
  for (const field of SAMPLE_FIELDS) {
    const value = current[field];
    if (value === undefined || body[field] !== undefined || maskedPaths({ value }).length > 0) continue;
    body[field] = value;
  }
}

/** The token is part of the address that the senders were given; a PUT without it may make another. */
function keepWebhookToken(body: JsonObject, current: Document): void {
  const [there, sent] = [current['webhook'], body['webhook']];
  if (!isObject(there) || !isObject(sent)) return;
  const { token } = there;
  if (typeof token === 'string' && maskedPaths({ token }).length === 0) body['webhook'] = { ...sent, token };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Brings a copy in step as a sync does: what the tenant changed stays. What is remembered is the source's document,
 * not what the merge made of it: it is the base of the next merge.
 */
async function mergeIntoCopy(
  context: ApplyContext,
  order: SyncOrder,
  index: number,
  current: Document,
  image: BeforeImage,
): Promise<void> {
  const { work } = context;
  const { type, name, sourceId } = work.action(index);
  const source = await context.bodies.whole(index);
  const merged = mergeCopy({
    type,
    base: image.applied,
    source,
    // An earlier try may have written it already: merged again, nothing is left to do.
    target: current,
    policy: order.onConflict,
    patches: context.bodies.patches(index),
    patchesBefore: image.row?.overrides ?? [],
    disputed: image.row?.disputed,
    untouched: isUntouched(image.row, type, current, image.applied),
  });
  const failed = merged.conflicts.find(({ resolution }) => resolution === 'failed');
  if (failed) {
    const message = `The copy of ${type} "${name}" was changed on both sides, at ${failed.path}.`;
    throw new FlowferryError('sync_conflict', message, {
      problems: [{ code: 'sync_conflict', message, type, sourceId, path: failed.path }],
    });
  }
  let answer = current;
  if (merged.changed) {
    const body = withOwn(type, merged.bodyOn(asItIs(type, current)), current);
    answer = await replaceCopy(context, type, current, body);
    if (type === 'integration') context.bodies.learnGroups(answer);
    await verifyStored(context, index, answer, body);
  }
  work.status[index] = 'done';
  const outcome: Outcome = {
    ...outcomeOf(context, index, answer, merged.source),
    sync: image.row?.sync ?? order.sync,
    disputed: merged.disputed,
    ...(merged.edited ? { edited: true } : {}),
  };
  context.recorder.add({ index, status: 'done' }, outcome);
}

async function keepBeforeImage(
  context: ApplyContext,
  index: number,
  document: Document,
): Promise<BeforeImage> {
  const { clones, ledger, work } = context;
  const { cloneId, pair } = work.header;
  const { sourceId } = work.action(index);
  // An earlier attempt may have changed the object already: the first image is the true one.
  const stored = await clones.getPart<BeforeImage>(cloneId, beforePart(index));
  if (stored !== undefined) return stored;
  const [rows, applied] = await Promise.all([
    ledger.rows(pair, [sourceId]),
    ledger.applied(pair, [sourceId]),
  ]);
  const image: BeforeImage = { document, row: rows.get(sourceId), applied: applied.get(sourceId) };
  await clones.putPart(cloneId, beforePart(index), image);
  return image;
}

/** Writes all late links of one copy in one PUT. */
export async function linkCopy(context: ApplyContext, index: number): Promise<void> {
  const { work, account, clock } = context;
  const { type, name, action } = work.action(index);
  const targetId = work.targetIdOf(index) ?? '';
  const body = await context.bodies.whole(index);
  if (type === 'flow') body['disabled'] = true;
  const hasOwn = type === 'integration' || (type === 'export' && body['webhook'] !== undefined);
  const current = hasOwn ? await untilThere(clock, () => account.get(type, targetId)) : undefined;
  // A PUT without what the server added would make it anew: groups with other ids, an address with another token.
  if (hasOwn && current === undefined) throw vanished(type, name, targetId);
  const whole = current === undefined ? body : asUpdate(type, body, current);
  // A copy with its links holds no longer what was sent to make it: by that alone it would not be found again.
  await context.recorder.recorded();
  const answer = await untilTaken(clock, () => account.replace(type, targetId, whole, underLease(context)));
  work.unlinked.delete(index);
  work.status[index] = 'done';
  context.recorder.add({ index, status: 'done', targetId }, outcomeOf(context, index, answer, body));
  await verifyStored(context, index, answer, body);
  if (action !== 'create') throw new RangeError('Only creates have late links.');
}

/** Takes a copy that somebody else made, and that is as it should be, into the ledger. */
export async function adoptCopy(context: ApplyContext, index: number): Promise<void> {
  const { work } = context;
  const { targetId } = work.action(index);
  const body = await context.bodies.whole(index);
  context.recorder.add({ index, status: 'done' }, outcomeOf(context, index, { _id: targetId ?? '' }, body));
}

export function outcomeOf(context: ApplyContext, index: number, answer: Document, sent: JsonObject): Outcome {
  const { work, clock } = context;
  const action = work.action(index);
  const applied = mergeable(action.type, sent);
  const modified = answer['lastModified'];
  const isWhole = sent['name'] === undefined || answer['name'] !== undefined;
  return {
    sourceId: action.sourceId,
    targetId: answer._id,
    type: action.type,
    name: action.name,
    cloneId: work.header.cloneId,
    made: action.adopted !== true,
    sourceHash: context.bodies.inputHash(index),
    ...(action.textIds ? { textIds: true } : {}),
    sourceModified: action.sourceModified,
    appliedHash: hashOf(applied),
    ...(isWhole ? { storedHash: storedHashOf(action.type, answer) } : {}),
    targetModified: typeof modified === 'string' ? modified : undefined,
    ...rememberedOverrides(context, index),
    ...(work.header.order === undefined ? {} : { sync: work.header.order.sync }),
    at: new Date(clock.now()).toISOString(),
    applied,
  };
}

/** More than this of overrides for one copy, in characters of JSON, is not remembered. */
const MOST_OVERRIDES = 16_384;

export function rememberedOverrides(
  context: ApplyContext,
  index: number,
): Pick<Outcome, 'overrides' | 'syncOverrides'> {
  const overrides = context.bodies.patches(index);
  if (overrides.length === 0 || JSON.stringify(overrides).length > MOST_OVERRIDES) return {};
  const isOfSync = context.work.header.order?.hasOverrides === true;
  return { overrides, ...(isOfSync ? { syncOverrides: true } : {}) };
}
