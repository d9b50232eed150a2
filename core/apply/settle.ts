import { hashOf } from '../model/canonical.ts';
import { forEachConcurrently } from '../model/concurrent.ts';
import type { Problem, Warning } from '../model/problem.ts';
import { stillUsed } from '../offboarding/still-used.ts';
import type { PlannedPrune, Rebase } from '../plan/plan.ts';
import type { LedgerRow, Outcome } from '../ports.ts';
import { comparable } from '../references/index.ts';
import type { ApplyContext } from './context.ts';
import { type BeforeImage, holdLease } from './steps.ts';
import { TIERS } from './undo.ts';

/** Name of the stored part that holds what a sync found when it planned a target. */
export const FINDINGS_PART = 'sync-findings';

/** Outcomes recorded at once. */
const BATCH = 100;

const OPEN_CALLS = 32;

/** Name of the stored part that holds what a pruned copy was before. */
export function prunedPart(row: LedgerRow): string {
  return `pruned-${row.targetId}`;
}

/**
 * Ends a sync's work in a target: first the ledger learns of the copies that were left as they are, then what lost
 * its source is pruned. Can be stopped and begun again at any point.
 *
 * @returns what had to stay.
 */
export async function settleSync(context: ApplyContext): Promise<Warning[]> {
  const { work } = context;
  const rebased: Outcome[] = [];
  for (const [index, { rebase }] of work.plan.actions.entries()) {
    if (rebase !== undefined) rebased.push(await rebasedOutcome(context, index, rebase));
  }
  for (let start = 0; start < rebased.length; start += BATCH) {
    await context.ledger.record(context.lease, rebased.slice(start, start + BATCH));
  }
  return prune(context, work.plan.sync?.prunes ?? []);
}

/** The row with its new base. */
async function rebasedOutcome(context: ApplyContext, index: number, rebase: Rebase): Promise<Outcome> {
  const { work, clock, bodies } = context;
  const { row, modified, edited, disputed, moved } = rebase;
  const { pruned: _pruned, edited: _edited, disputed: _disputed, ...kept } = row;
  const base = {
    ...kept,
    sync: kept.sync ?? work.header.order?.sync,
    disputed,
    ...(edited ? { edited: true } : {}),
  };
  const seen = {
    ...base,
    ...(modified === undefined ? {} : { targetModified: modified }),
    ...(rebase.storedHash === undefined ? {} : { storedHash: rebase.storedHash }),
  };
  if (!moved) return seen;
  const applied = comparable(row.type, await bodies.whole(index));
  const { sourceModified, textIds } = work.action(index);
  return {
    ...seen,
    cloneId: work.header.cloneId,
    sourceHash: bodies.inputHash(index),
    sourceModified,
    textIds,
    appliedHash: hashOf(applied),
    overrides: bodies.patches(index).length === 0 ? undefined : bodies.patches(index),
    at: new Date(clock.now()).toISOString(),
    applied,
  };
}

async function prune(context: ApplyContext, prunes: readonly PlannedPrune[]): Promise<Warning[]> {
  const rows = (kind: PlannedPrune['kind']): LedgerRow[] =>
    prunes.filter((one) => one.kind === kind).map(({ row }) => row);
  await context.ledger.forget(context.lease, rows('forget'));
  const disabled = rows('disable');
  await forEachConcurrently(disabled, OPEN_CALLS, (row) => disable(context, row));
  const ended = [...disabled, ...rows('keep')].map((row) => ({ ...row, pruned: true }));
  if (ended.length > 0) await context.ledger.record(context.lease, ended);
  return remove(context, rows('delete'));
}

async function disable(context: ApplyContext, row: LedgerRow): Promise<void> {
  if ((await keepImage(context, row)) === undefined) return;
  await context.account.patch('flow', row.targetId, [{ op: 'replace', path: '/disabled', value: true }]);
}

/** Deletes what names others before what is named; what the tenant's own resources need stays. */
async function remove(context: ApplyContext, rows: readonly LedgerRow[]): Promise<Warning[]> {
  if (rows.length === 0) return [];
  const used = await stillUsed(context.account, new Set(rows.map(({ targetId }) => targetId)));
  for (const tier of TIERS) {
    const members = rows.filter(({ type, targetId }) => tier.includes(type) && !used.has(targetId));
    await forEachConcurrently(members, OPEN_CALLS, async (row) => {
      await keepImage(context, row);
      await holdLease(context);
      await context.account.remove(row.type, row.targetId);
      await context.ledger.forget(context.lease, [row]);
    });
  }
  return rows
    .filter(({ targetId }) => used.has(targetId))
    .map(({ type, name, sourceId, targetId }) => ({
      code: 'prune_still_used',
      message: `The ${type} ${targetId} "${name}" has lost its source, but something of the tenant's own needs it: it stays.`,
      type,
      sourceId,
    }));
}

/**
 * Undoes what a sync pruned: what it put to sleep is woken. What it deleted can't come back under its id; what it
 * was is stored with the clone.
 *
 * @returns what could not be undone
 */
export async function unsettle(context: ApplyContext): Promise<Problem[]> {
  const { work, clones, account, ledger, lease } = context;
  const left: Problem[] = [];
  for (const { kind, row } of work.plan.sync?.prunes ?? []) {
    const image = await clones.getPart<BeforeImage>(work.header.cloneId, prunedPart(row));
    const { type, name, sourceId, targetId } = row;
    if (kind === 'disable' && image !== undefined && image.document['disabled'] !== true) {
      await account.patch('flow', targetId, [{ op: 'replace', path: '/disabled', value: false }]);
      await ledger.record(lease, [row]);
    }
    if (kind === 'delete' && image !== undefined && (await account.get(type, targetId)) === undefined) {
      const message = `The ${type} "${name}" was deleted, since its source was gone: it can't be brought back.`;
      left.push({ code: 'undo_failed', message, type, sourceId });
    }
  }
  return left;
}

/** What the copy was; kept until the clone is deleted. `undefined`: it is gone. */
async function keepImage({ account, clones, ledger, work }: ApplyContext, row: LedgerRow) {
  const { cloneId, pair } = work.header;
  const stored = await clones.getPart<BeforeImage>(cloneId, prunedPart(row));
  if (stored !== undefined) return stored;
  const document = await account.get(row.type, row.targetId);
  if (document === undefined) return undefined;
  const applied = (await ledger.applied(pair, [row.sourceId])).get(row.sourceId);
  const image: BeforeImage = { document, row, applied };
  await clones.putPart(cloneId, prunedPart(row), image);
  return image;
}
