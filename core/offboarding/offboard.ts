import { underLease } from '../apply/lease.ts';
import { stillUsed } from '../apply/still-used.ts';
import type { Advance, ClonePorts } from '../clone/contract.ts';
import { addErrors } from '../clone/many.ts';
import { forEachConcurrently } from '../model/concurrent.ts';
import { codeOf, FlowferryError, type Problem } from '../model/problem.ts';
import type { Account, ActionEvent, CloneRecord, Lease, Pair } from '../ports.ts';
import { type Inventory, inventoryOf } from './inventory.ts';
import { EVERY_SOURCE } from './record.ts';

/** Objects removed before the record is saved and wishes are looked for; also the calls open at once. */
const CHUNK = 64;

/** Seconds until an offboarding that found a clone at work in its account looks again. */
const BUSY_SECONDS = 5;

/** Errors that one object's removal can end in while the others can still go on. */
const OWN_CODES: ReadonlySet<string> = new Set(['refused']);

/**
 * Removes what the ledger says we made in the target account of this clone-like record, in reverse order of need,
 * and forgets it. What something else in the account needs stays, and so does what was only taken over. Can be
 * stopped and begun again at any point.
 */
export async function offboard(ports: ClonePorts, record: CloneRecord, deadline: number): Promise<Advance> {
  const account = await ports.accounts.open(record.request.target.account, {
    rateShare: record.request.rateShare,
  });
  const target = await identify(ports, account);
  const source = await sourceOf(ports, record);
  const pairs = (await ports.ledger.pairsOf(target)).filter(
    (pair) => pair.target === target && (source === undefined || pair.source === source),
  );
  const inventory = await inventoryOf(ports, record.cloneId, pairs);
  const leases = await acquireAll(ports, inventory.pairs, record.cloneId);
  if (leases === undefined) return { next: 'later', seconds: BUSY_SECONDS };
  try {
    return await removeAll(ports, record, account, { inventory, leases }, deadline);
  } finally {
    await Promise.all(leases.map((lease) => lease.release().catch(() => undefined)));
  }
}

/** The ledger's key of the account whose copies are meant; `undefined`: those of every account. */
async function sourceOf(ports: ClonePorts, { origin, request }: CloneRecord): Promise<string | undefined> {
  if (origin === undefined || origin.name === EVERY_SOURCE) return undefined;
  const bound = await ports.bindings.boundTo(origin.name);
  if (bound !== undefined) return bound;
  const account = await ports.accounts.open(origin.name, { rateShare: request.rateShare });
  return (await account.identity()).key;
}

/** As for clones: a name that stands for another account than the ledger's would lose objects in the wrong place. */
async function identify(ports: ClonePorts, account: Account): Promise<string> {
  const { key } = await account.identity();
  const bound = await ports.bindings.boundTo(account.name);
  if (bound === undefined || bound === key || (await ports.ledger.pairsOf(bound)).length === 0) return key;
  throw new FlowferryError(
    'account_changed',
    `The account "${account.name}" is not the one that the ledger holds copies for.`,
  );
}

/** All leases or none, in one order for everybody. */
async function acquireAll(
  ports: ClonePorts,
  pairs: readonly Pair[],
  cloneId: string,
): Promise<Lease[] | undefined> {
  const leases: Lease[] = [];
  try {
    for (const pair of pairs) leases.push(await ports.ledger.acquire(pair, cloneId));
    return leases;
  } catch (error) {
    await Promise.all(leases.map((lease) => lease.release().catch(() => undefined)));
    if (codeOf(error) === 'clone_in_progress') return undefined;
    throw error;
  }
}

interface Held {
  inventory: Inventory;
  leases: readonly Lease[];
}

async function removeAll(
  ports: ClonePorts,
  begun: CloneRecord,
  account: Account,
  { inventory, leases }: Held,
  deadline: number,
): Promise<Advance> {
  const { plan, pairOf } = inventory;
  const { cloneId, attempt } = begun;
  const gone = new Set(
    (await ports.clones.events(cloneId)).flatMap(({ index, status }) => (status === 'undone' ? [index] : [])),
  );
  const open = plan.actions.flatMap((_, index) => (gone.has(index) ? [] : [index]));
  const ours = new Set(
    open.flatMap((index) => (isOurs(plan.actions[index]) ? (plan.actions[index]?.targetId ?? []) : [])),
  );
  const used = ours.size === 0 ? new Set<string>() : await stillUsed(account, ours);
  const left: Problem[] = [];
  let sequence = 0;

  for (const chunk of chunksOf(open, plan)) {
    const stored = await ports.clones.get(cloneId);
    if (stored === undefined || stored.attempt !== attempt) return { next: 'stop', status: 'superseded' };
    if (stored.wish === 'cancel') {
      left.push({ code: 'canceled', message: 'The offboarding was canceled; what is gone stays gone.' });
      await ports.clones.wish(cloneId, undefined);
      break;
    }
    await save(ports, begun, account, { done: gone.size, pending: plan.actions.length - gone.size });
    const events: ActionEvent[] = [];
    await forEachConcurrently(chunk, CHUNK, async (index) => {
      const action = plan.actions[index];
      const lease = leases[pairOf[index] ?? 0];
      if (action?.targetId === undefined || lease === undefined) return;
      const { sourceId, targetId, type, name } = action;
      const problem = used.has(targetId)
        ? { code: 'still_used', message: `${type} "${name}" stays: something else in the account needs it.` }
        : isOurs(action) && (await remove(account, lease, action.type, targetId));
      if (problem) {
        left.push({ ...problem, type, sourceId });
        events.push({ index, status: 'failed', targetId });
        return;
      }
      await ports.ledger.forget(lease, [{ sourceId, targetId }]);
      gone.add(index);
      // What was only taken over is forgotten, not undone.
      if (isOurs(action)) events.push({ index, status: 'undone', targetId });
    });
    sequence += 1;
    const epoch = leases[0]?.epoch ?? attempt;
    if (events.length > 0) await ports.clones.appendEvents(cloneId, epoch, sequence, events);
    // After a chunk, so that every call gets something done.
    if (ports.clock.monotonic() >= deadline) return { next: 'again' };
  }
  return end(ports, begun, account, { left, done: gone.size, pending: plan.actions.length - gone.size });
}

function isOurs(action: { action: string } | undefined): boolean {
  return action?.action === 'create';
}

/** Runs of objects of one type, so that nothing goes before what needs it has gone. */
function* chunksOf(open: readonly number[], { actions }: Inventory['plan']): Generator<number[]> {
  let chunk: number[] = [];
  for (const index of open) {
    const first = chunk[0];
    const isSameType = first === undefined || actions[first]?.type === actions[index]?.type;
    if (!isSameType || chunk.length === CHUNK) {
      yield chunk;
      chunk = [];
    }
    chunk.push(index);
  }
  if (chunk.length > 0) yield chunk;
}

async function remove(
  account: Account,
  lease: Lease,
  type: Parameters<Account['remove']>[0],
  targetId: string,
): Promise<Problem | undefined> {
  try {
    await account.remove(type, targetId, underLease({ lease, account }));
    return undefined;
  } catch (error) {
    if (!OWN_CODES.has(codeOf(error))) throw error;
    const message = error instanceof Error ? error.message : String(error);
    return { code: 'removal_failed', message: `${type} ${targetId} could not be removed: ${message}` };
  }
}

interface Count {
  done: number;
  pending: number;
}

async function save(ports: ClonePorts, record: CloneRecord, account: Account, count: Count): Promise<void> {
  await ports.clones.save(refreshed(ports, record, account, count));
}

async function end(
  ports: ClonePorts,
  record: CloneRecord,
  account: Account,
  { left, ...count }: Count & { left: readonly Problem[] },
): Promise<Advance> {
  const status = left.length === 0 ? 'succeeded' : 'partial';
  const endedAt = new Date(ports.clock.now()).toISOString();
  const { state, ...rest } = await addErrors(ports, refreshed(ports, record, account, count), left);
  const progress = { ...state.progress, stage: 'done' as const };
  await ports.clones.save({
    ...rest,
    status,
    endedAt,
    state: { ...state, status, endedAt, progress },
  });
  ports.log.info('offboarding ended', { cloneId: record.cloneId, status, left: left.length });
  return { next: 'stop', status };
}

function refreshed(ports: ClonePorts, record: CloneRecord, account: Account, count: Count): CloneRecord {
  const now = ports.clock.now();
  const { calls, retries, rateLimited } = account.stats();
  const durationMs = Math.max(0, now - Date.parse(record.createdAt));
  return {
    ...record,
    heartbeatAt: new Date(now).toISOString(),
    state: {
      ...record.state,
      progress: { stage: 'undoing', ...count },
      stats: { apiCalls: { source: 0, target: calls }, retries, rateLimited, durationMs },
    },
  };
}
