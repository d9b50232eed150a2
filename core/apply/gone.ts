import { forEachConcurrently } from '../model/concurrent.ts';
import { codeOf, type Problem, type Warning } from '../model/problem.ts';
import { stillUsedWarning } from '../plan/prune.ts';
import type { LedgerRow } from '../ports.ts';
import type { ApplyContext } from './context.ts';
import { underLease } from './lease.ts';
import type { BeforeImage } from './steps.ts';
import { stillUsed } from './still-used.ts';
import { TIERS } from './tiers.ts';

const OPEN_CALLS = 32;

/** Name of the stored part that holds the ids of copies that lost their source and have to stay all the same. */
const STAYING_PART = 'pruned-staying';

/** What a deletion may come to without the run having failed: the copy stays, and the next run tries again. */
const REFUSALS: ReadonlySet<string> = new Set(['refused', 'not_found']);
const OUTAGES: ReadonlySet<string> = new Set(['upstream_failed', 'answer_lost', 'account_unauthorized']);

/** Name of the stored part that holds what a pruned copy was before. */
export function prunedPart(row: LedgerRow): string {
  return `pruned-${row.targetId}`;
}

function goneRows({ work }: ApplyContext): LedgerRow[] {
  const prunes = work.plan.sync?.prunes ?? [];
  return prunes.filter(({ kind }) => kind === 'delete').map(({ row }) => row);
}

/**
 * First half of a deletion, which can be undone: finds out what has to stay, since something of the tenant's own
 * needs it, and puts the flows among the rest to sleep, so that none runs beside what takes its place.
 */
export async function prepareDeletions(context: ApplyContext): Promise<void> {
  const { account, clones, work } = context;
  const rows = goneRows(context);
  if (rows.length === 0) return;
  const used = await stillUsed(account, new Set(rows.map(({ targetId }) => targetId)));
  await clones.putPart(work.header.cloneId, STAYING_PART, [...used]);
  const flows = rows.filter(({ type, targetId }) => type === 'flow' && !used.has(targetId));
  await forEachConcurrently(flows, OPEN_CALLS, (row) => putToSleep(context, row));
}

/** Keeps what a flow was, and disables it where it is enabled. */
export async function putToSleep(context: ApplyContext, row: LedgerRow): Promise<void> {
  const image = await keepImage(context, row);
  if (image === undefined || image.document['disabled'] === true) return;
  const asleep = [{ op: 'replace', path: '/disabled', value: true }] as const;
  await context.account.patch('flow', row.targetId, asleep, underLease(context));
}

/**
 * Second half, which nothing can undo and which comes after all else has succeeded: deletes what names others before
 * what is named. A copy that can't be deleted stays, and fails nothing. Can be stopped and begun again at any point.
 *
 * @returns what the caller should know; `undefined` when stopped before the end
 */
export async function deleteGone(
  context: ApplyContext,
  shouldStop: () => boolean,
): Promise<Warning[] | undefined> {
  const { account, clones, ledger, lease, work } = context;
  const rows = goneRows(context);
  if (rows.length === 0) return [];
  const { cloneId, pair } = work.header;
  const staying = new Set((await clones.getPart<string[]>(cloneId, STAYING_PART)) ?? []);
  const known = await ledger.rows(
    pair,
    rows.map(({ sourceId }) => sourceId),
  );
  const left = rows.filter(
    ({ sourceId, targetId }) => known.get(sourceId)?.targetId === targetId && !staying.has(targetId),
  );
  const failures: Warning[] = [];
  let outage: unknown;
  for (const tier of TIERS) {
    const members = left.filter(({ type }) => tier.includes(type));
    await forEachConcurrently(members, OPEN_CALLS, async (row) => {
      if (shouldStop()) return;
      try {
        if (outage !== undefined) throw outage;
        await keepImage(context, row);
        await account.remove(row.type, row.targetId, underLease(context));
        await ledger.forget(lease, [row]);
      } catch (error) {
        if (OUTAGES.has(codeOf(error))) outage = error;
        else if (!REFUSALS.has(codeOf(error))) throw error;
        failures.push(failureOf(row, error));
      }
    });
    if (shouldStop()) return undefined;
  }
  const stayed = rows.filter(({ targetId }) => staying.has(targetId));
  const deleted = rows.length - stayed.length - failures.length;
  return [...(deleted > 0 ? [deletedWarning(deleted)] : []), ...stayed.map(stillUsedWarning), ...failures];
}

/** Of what was deleted nothing comes back by undoing: it would have another id, and its secrets are known to nobody. */
export async function undoDeletion(
  { account }: ApplyContext,
  { type, name, sourceId, targetId }: LedgerRow,
): Promise<Problem | undefined> {
  if ((await account.get(type, targetId)) !== undefined) return undefined;
  const message = `The ${type} ${targetId} "${name}" was deleted, since its source was gone: undoing does not bring it back. A run that finds its source again makes it anew, under another id.`;
  return { code: 'undo_failed', message, type, sourceId };
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

function deletedWarning(count: number): Warning {
  const copies = count === 1 ? '1 copy that has' : `${count} copies that have`;
  return {
    code: 'prune_deleted',
    message: `${copies} lost the source: deleted for good. A rollback of this clone does not bring that back.`,
  };
}

function failureOf({ type, name, sourceId, targetId }: LedgerRow, error: unknown): Warning {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: 'prune_failed',
    message: `The ${type} ${targetId} "${name}" has lost its source, but could not be deleted: ${reason} The next run tries again.`,
    type,
    sourceId,
  };
}
