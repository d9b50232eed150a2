import type { CloneRecord } from '../ports.ts';
import type { ClonePorts } from './contract.ts';
import { CLOSURE_PART } from './prepare.ts';

const PAGE = 100;

/**
 * The clone, if there is one, that has built on this one's copies since: undoing this one would take away what the
 * later one needs, so that the later one must be undone first. Clones that found nothing to write don't count.
 */
export async function usedSince(
  { clones }: Pick<ClonePorts, 'clones'>,
  record: CloneRecord,
): Promise<string | undefined> {
  const ours = new Set(await clones.getPart<string[]>(record.cloneId, CLOSURE_PART));
  if (ours.size === 0) return undefined;
  for (let cursor: string | undefined; ; ) {
    const page = await clones.listByTarget(record.request.target.account, { limit: PAGE, cursor });
    for (const other of page.records) {
      if (other.cloneId === record.cloneId || other.createdAt < record.createdAt) return undefined;
      if (!hasWritten(other) || other.request.source.account !== record.request.source.account) continue;
      const theirs = (await clones.getPart<string[]>(other.cloneId, CLOSURE_PART)) ?? [];
      if (theirs.some((id) => ours.has(id))) return other.cloneId;
    }
    if (page.next === null) return undefined;
    cursor = page.next;
  }
}

function hasWritten({ status, state }: CloneRecord): boolean {
  const counts = state.plan?.counts;
  return status !== 'rolled-back' && counts !== undefined && counts.create + counts.update > 0;
}
