import type { CloneRecord, Pair } from '../ports.ts';
import type { ClonePorts } from './contract.ts';
import { CLOSURE_PART } from './prepare.ts';

const PAGE = 100;

/** A clone asked for by so much earlier (ms) is not expected to have written later: it waits for its turn at most. */
const LONGEST_WAIT_MS = 24 * 60 * 60_000;

/**
 * The clone, if there is one, that has written the same objects since this one ended: it has built on this one's
 * copies, so that undoing this one would take away what it needs, and going on with this one would make again what it
 * has made. Clones that found nothing to write don't count.
 */
export async function usedSince(
  { clones }: Pick<ClonePorts, 'clones'>,
  record: CloneRecord,
): Promise<string | undefined> {
  const ours = new Set(await clones.getPart<string[]>(record.cloneId, CLOSURE_PART));
  if (ours.size === 0) return undefined;
  const earliest = new Date(Date.parse(record.createdAt) - LONGEST_WAIT_MS).toISOString();
  for (let cursor: string | undefined; ; ) {
    const page = await clones.listByTarget(record.request.target.account, { limit: PAGE, cursor });
    for (const other of page.records) {
      if (other.createdAt < earliest) return undefined;
      if (other.cloneId === record.cloneId || !hasWritten(other) || !isLater(other, record)) continue;
      if (!isSamePair(other, record)) continue;
      const theirs = (await clones.getPart<string[]>(other.cloneId, CLOSURE_PART)) ?? [];
      if (theirs.some((id) => ours.has(id))) return other.cloneId;
    }
    if (page.next === null) return undefined;
    cursor = page.next;
  }
}

/** Clones of a pair write one after the other: who ended later wrote later, whoever was asked for first. */
function isLater(other: CloneRecord, record: CloneRecord): boolean {
  if (record.endedAt === undefined) return other.createdAt > record.createdAt;
  return other.endedAt === undefined || other.endedAt > record.endedAt;
}

/** Two names may stand for one account: where both plans were stored, they tell. */
function isSamePair(one: CloneRecord, other: CloneRecord): boolean {
  const pairs = [one, other].map(({ notes }) => notes?.['pair'] as Pair | undefined);
  const [pair, otherPair] = pairs;
  if (pair && otherPair) return pair.source === otherPair.source && pair.target === otherPair.target;
  return one.request.source.account === other.request.source.account;
}

function hasWritten({ status, state }: CloneRecord): boolean {
  const counts = state.plan?.counts;
  return status !== 'rolled-back' && counts !== undefined && counts.create + counts.update > 0;
}
