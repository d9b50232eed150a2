import { hashOf } from '../model/canonical.ts';
import { forEachConcurrently } from '../model/concurrent.ts';
import { codeOf, FlowferryError, type Problem } from '../model/problem.ts';
import type { PlannedPrune, Rebase } from '../plan/plan.ts';
import type { LedgerRow, Outcome } from '../ports.ts';
import { mergeable } from '../references/index.ts';
import type { ApplyContext } from './context.ts';
import { prepareDeletions, prunedPart, putToSleep, undoDeletion } from './gone.ts';
import { underLease } from './lease.ts';
import { type BeforeImage, rememberedOverrides } from './steps.ts';

/** Name of the stored part that holds what a sync found when it planned a target. */
export const FINDINGS_PART = 'sync-findings';

/** Outcomes recorded at once. */
const BATCH = 100;

const OPEN_CALLS = 32;

/** What stops undoing one thing, and nothing else. */
export const UNDO_FAILURES: ReadonlySet<string> = new Set([
  'refused',
  'not_found',
  'upstream_failed',
  'answer_lost',
  'written_since',
]);

/**
 * Ends what a sync writes and can undo: the ledger learns of the copies that were left as they are, and flows that
 * lost their source are put to sleep. Can be stopped and begun again at any point.
 */
export async function settleSync(context: ApplyContext): Promise<void> {
  const { work } = context;
  const rebased: Outcome[] = [];
  for (const [index, { rebase }] of work.plan.actions.entries()) {
    if (rebase !== undefined) rebased.push(await rebasedOutcome(context, index, rebase));
  }
  for (let start = 0; start < rebased.length; start += BATCH) {
    await context.ledger.record(context.lease, rebased.slice(start, start + BATCH));
  }
  await prune(context, work.plan.sync?.prunes ?? []);
  await prepareDeletions(context);
}

/** The row with its new base. */
async function rebasedOutcome(context: ApplyContext, index: number, rebase: Rebase): Promise<Outcome> {
  const { work, clock, bodies } = context;
  const { row, modified, edited, disputed, moved, groups } = rebase;
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
  const body = await bodies.whole(index);
  const applied = mergeable(row.type, groups === undefined ? body : { ...body, flowGroupings: groups });
  const { sourceModified, textIds } = work.action(index);
  return {
    ...seen,
    cloneId: work.header.cloneId,
    sourceHash: bodies.inputHash(index),
    sourceModified,
    textIds,
    appliedHash: hashOf(applied),
    overrides: undefined,
    syncOverrides: undefined,
    ...rememberedOverrides(context, index),
    at: new Date(clock.now()).toISOString(),
    applied,
  };
}

async function prune(context: ApplyContext, prunes: readonly PlannedPrune[]): Promise<void> {
  const rows = (kind: PlannedPrune['kind']): LedgerRow[] =>
    prunes.filter((one) => one.kind === kind).map(({ row }) => row);
  await context.ledger.forget(context.lease, rows('forget'));
  const disabled = rows('disable');
  await forEachConcurrently(disabled, OPEN_CALLS, (row) => putToSleep(context, row));
  const ended: LedgerRow[] = [
    ...disabled.map((row) => ({ ...row, pruned: 'disabled' as const })),
    ...rows('keep').map((row) => ({ ...row, pruned: 'kept' as const })),
  ];
  if (ended.length > 0) await context.ledger.record(context.lease, ended);
}

/**
 * Undoes what a sync pruned: what it put to sleep is woken, and what it only noted is forgotten. What it deleted
 * stays deleted.
 *
 * @returns what could not be undone
 */
export async function unsettle(context: ApplyContext): Promise<Problem[]> {
  const left: Problem[] = [];
  await forEachConcurrently(context.work.plan.sync?.prunes ?? [], OPEN_CALLS, async (prune) => {
    const { type, name, sourceId } = prune.row;
    try {
      const problem = await unprune(context, prune);
      if (problem !== undefined) left.push(problem);
    } catch (error) {
      if (!UNDO_FAILURES.has(codeOf(error))) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      const message = `${type} "${name}" could not be undone: ${reason}`;
      left.push({ code: 'undo_failed', message, type, sourceId });
    }
  });
  return left;
}

async function unprune(context: ApplyContext, { kind, row }: PlannedPrune): Promise<Problem | undefined> {
  const { work, clones, account, ledger, lease } = context;
  if (kind === 'forget') return undefined;
  const now = (await ledger.rows(work.header.pair, [row.sourceId])).get(row.sourceId);
  if (now !== undefined && (now.targetId !== row.targetId || now.at !== row.at)) {
    throw new FlowferryError('written_since', `clone ${now.cloneId} has written it since`);
  }
  if (kind === 'keep') {
    if (now !== undefined) await ledger.record(lease, [row]);
    return undefined;
  }
  const image = await clones.getPart<BeforeImage>(work.header.cloneId, prunedPart(row));
  // Without an image nothing was done to it.
  if (image === undefined) return undefined;
  const lost = kind === 'delete' ? await undoDeletion(context, row) : undefined;
  if (lost !== undefined) return lost;
  if (row.type === 'flow' && image.document['disabled'] !== true) {
    const awake = [{ op: 'replace', path: '/disabled', value: false }] as const;
    await account.patch('flow', row.targetId, awake, underLease({ lease, account }));
  }
  if (kind === 'disable' && now !== undefined) await ledger.record(lease, [row]);
  return undefined;
}
