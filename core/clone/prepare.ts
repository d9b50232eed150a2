import { Documents } from '../apply/documents.ts';
import { FINDINGS_PART } from '../apply/settle.ts';
import { Work } from '../apply/work.ts';
import { RENEW_WITHIN_MS } from '../model/lease.ts';
import { codeOf, FlowferryError } from '../model/problem.ts';
import type { CloneRequest } from '../model/request.ts';
import type { SyncOrder } from '../model/sync.ts';
import type { SyncFindings } from '../plan/plan.ts';
import type { CloneRecord, Lease, Pair } from '../ports.ts';
import { EarlyRows } from '../read/early-rows.ts';
import type { SourceSnapshot } from '../read/source.ts';
import { beginReads } from '../read/target.ts';
import type { ClonePorts } from './contract.ts';
import { RefusedError } from './errors.ts';
import { keepLease } from './heartbeat.ts';
import { planFrom } from './planning.ts';
import { type Accounts, identify, openAccounts, readSourceSide, readTargetSide } from './read-all.ts';
import { readSyncTarget, storedSource } from './read-sync.ts';
import { openSession, type Session } from './session.ts';

/** Name of the stored part that holds the ids a clone writes, for others to see whether they overlap. */
export const CLOSURE_PART = 'closure';

/** Another clone, or another worker of this one, holds the lease: this one goes on when it is free. */
export class BusyError extends FlowferryError {
  constructor(holder: string) {
    super('pair_busy', `Clone ${holder} is writing into the same target account.`);
  }
}

/**
 * Reads both accounts, makes the plan and stores it: after that any process can carry the clone on.
 *
 * Throws `RefusedError` and the codes of the accounts where nothing can be begun, and `BusyError` where it is only
 * too early.
 */
export async function prepare(
  ports: ClonePorts,
  record: CloneRecord,
  adoptionWaitMs: number,
): Promise<Session> {
  const { request, cloneId } = record;
  const accounts = await openAccounts(ports, request);
  const { order } = record;
  const documents = order ? new Map() : beginReads(accounts.target, request);
  const pair = identify(ports, accounts, order);
  // Rows that were read before the lease is held could be out of date by the time it is.
  const leased = Promise.withResolvers<Pair>();
  leased.promise.catch(() => undefined);
  const rows = new EarlyRows(ports.ledger, leased.promise);
  const reading = readSource(ports, accounts, pair, record, rows);
  reading.catch(() => undefined);
  const known = await pair;
  const taken = take(ports, record, known, leased);
  // Asked for under the lease, and while the source is read: who begins after this will not get the lease.
  const beside = taken.then(() =>
    Promise.all([
      ports.clones.listUnfinished(),
      ports.ledger.intents(known, cloneId),
      refuseUnwanted(ports, record),
    ]),
  );
  beside.catch(() => undefined);
  try {
    const read = await reading;
    const { source } = read;
    const { lease, keeping } = await leaseOrReason(ports, record, await taken, source);
    // Another worker of this clone may have come further since the record was read.
    if (lease.inherited && (await ports.clones.get(cloneId))?.notes?.['pair']) throw new BusyError(cloneId);
    const [unfinished, intents] = await beside;
    await refuseOverlap(ports, record, known, source, unfinished);
    const snapshot = order
      ? await readSyncTarget(ports, accounts, known, request, order, read)
      : await readTargetSide(ports, accounts, known, request, source, { documents, rows });
    const made = planFrom(accounts, snapshot);
    // What was read holds only as long as nobody else could write; and what is stored now is what is carried out.
    if (lease.sinceRenewalMs() >= RENEW_WITHIN_MS) await lease.renew();
    const header = { cloneId, attempt: record.attempt, pair: known, request: snapshot.request, order };
    const work = new Work(header, made.plan, new Documents(made.bodies, made.hashes));
    const ordered = { ...record, request: snapshot.request };
    const session = await openSession(ports, ordered, accounts, work, lease, adoptionWaitMs, intents);
    await Promise.all([
      session.context.intents.begin(),
      work.store(ports.clones),
      ...(made.plan.sync ? [ports.clones.putPart(cloneId, FINDINGS_PART, made.plan.sync)] : []),
      ports.clones.putPart(cloneId, CLOSURE_PART, writtenIds(source, request)),
      ports.bindings.bind(request.source.account, known.source),
      ports.bindings.bind(request.target.account, known.target),
    ]);
    await keeping.stop();
    if (keeping.failure() !== undefined) throw keeping.failure();
    return session;
  } catch (error) {
    await giveBack(await taken);
    throw error;
  }
}

/** The lease of a clone that is being prepared, kept until it is; or why there is none. */
type Taken = { lease: Lease; keeping: ReturnType<typeof keepLease> } | { error: unknown };

async function take(
  ports: ClonePorts,
  record: CloneRecord,
  pair: Pair,
  leased: PromiseWithResolvers<Pair>,
): Promise<Taken> {
  try {
    const lease = await ports.ledger.acquire(pair, record.cloneId);
    leased.resolve(pair);
    return { lease, keeping: keepLease(ports, record, lease) };
  } catch (error) {
    leased.reject(error);
    return { error };
  }
}

async function giveBack(taken: Taken): Promise<void> {
  if ('error' in taken) return;
  await taken.keeping.stop();
  // One that could not be given back expires by itself.
  await taken.lease.release().catch(() => undefined);
}

/** What a sync's run would do with one target: planned from what it read, and written nowhere. */
export async function planForReport(
  ports: ClonePorts,
  record: CloneRecord,
  order: SyncOrder,
): Promise<SyncFindings | undefined> {
  const accounts = await openAccounts(ports, record.request);
  const pair = await identify(ports, accounts, order);
  const read = await storedSource(ports, order, record.request);
  const snapshot = await readSyncTarget(ports, accounts, pair, record.request, order, read);
  return planFrom(accounts, snapshot).plan.sync;
}

async function readSource(
  ports: ClonePorts,
  accounts: Accounts,
  pair: Promise<Pair>,
  { request, order }: CloneRecord,
  rows: EarlyRows,
): Promise<{ source: SourceSnapshot; strays: Set<string> }> {
  if (order !== undefined) return storedSource(ports, order, request);
  return { source: await readSourceSide(ports, accounts, pair, request, rows), strays: new Set() };
}

async function leaseOrReason(
  ports: ClonePorts,
  record: CloneRecord,
  taken: Taken,
  source: SourceSnapshot,
): Promise<Exclude<Taken, { error: unknown }>> {
  if ('lease' in taken) return taken;
  const { error } = taken;
  if (codeOf(error) !== 'clone_in_progress' || !(error instanceof FlowferryError)) throw error;
  const holder = error.problems[0]?.candidates?.[0]?.id ?? '';
  if (holder === record.cloneId) throw new BusyError(holder);
  const theirs = await ports.clones.getPart<string[]>(holder, CLOSURE_PART);
  // Clones that an event started wait: nobody is there to be told.
  if (record.origin !== undefined || theirs === undefined || !overlaps(theirs, source, record.request))
    throw new BusyError(holder);
  throw inProgress(holder, error.problems);
}

/**
 * The sync may object by now: its clone may have waited long for the lease. The refusal has a code of its own, since
 * `superseded` is an attempt that lost its clone to a newer one.
 */
async function refuseUnwanted(ports: ClonePorts, { order, request }: CloneRecord): Promise<void> {
  const problem = order && (await ports.objection?.(order, request.target.account));
  if (problem) throw new RefusedError('order_withdrawn', problem.message, [problem]);
}

/** A clone that stopped in the middle will go on: what it writes is not for others until it has ended. */
async function refuseOverlap(
  ports: ClonePorts,
  record: CloneRecord,
  pair: Pair,
  source: SourceSnapshot,
  unfinished: readonly CloneRecord[],
): Promise<void> {
  for (const other of unfinished) {
    if (other.cloneId === record.cloneId || other.status !== 'running') continue;
    const stored = other.notes?.['pair'] as Pair | undefined;
    if (stored?.source !== pair.source || stored.target !== pair.target) continue;
    const theirs = await ports.clones.getPart<string[]>(other.cloneId, CLOSURE_PART);
    if (theirs === undefined || !overlaps(theirs, source, record.request)) continue;
    if (record.origin !== undefined) throw new BusyError(other.cloneId);
    throw inProgress(other.cloneId, []);
  }
}

/** What a clone of this closure writes copies of; what is only mapped can serve any number of clones. */
function writtenIds(source: SourceSnapshot, request: CloneRequest): string[] {
  return [...source.entries.values()]
    .filter(({ type }) => {
      if (type === 'connection') return request.connections === 'stub';
      if (type === 'integration') return request.target.integrationId === undefined;
      return type !== 'iclient' && type !== 'stack' && type !== 'agent';
    })
    .map(({ id }) => id);
}

function overlaps(theirs: readonly string[], source: SourceSnapshot, request: CloneRequest): boolean {
  const ours = new Set(writtenIds(source, request));
  return theirs.some((id) => ours.has(id));
}

function inProgress(holder: string, problems: FlowferryError['problems']): RefusedError {
  const message = `Clone ${holder} is writing the same source objects into the same target account.`;
  return new RefusedError(
    'clone_in_progress',
    message,
    problems.length > 0 ? problems : [{ code: 'clone_in_progress', message }],
  );
}

/** Takes a stored plan up again. */
export async function reopen(
  ports: ClonePorts,
  record: CloneRecord,
  adoptionWaitMs: number,
): Promise<Session | undefined> {
  const { request, cloneId } = record;
  const accounts: Accounts = await openAccounts(ports, request);
  const pair = await identify(ports, accounts, record.order);
  let lease: Lease;
  try {
    lease = await ports.ledger.acquire(pair, cloneId);
  } catch (error) {
    if (codeOf(error) !== 'clone_in_progress' || !(error instanceof FlowferryError)) throw error;
    throw new BusyError(error.problems[0]?.candidates?.[0]?.id ?? '');
  }
  try {
    const header = { cloneId, attempt: record.attempt, pair, request, order: record.order };
    const work = await Work.load(header, ports.clones, ports.ledger);
    if (work) return await openSession(ports, record, accounts, work, lease, adoptionWaitMs);
  } catch (error) {
    await lease.release().catch(() => undefined);
    throw error;
  }
  await lease.release();
  return undefined;
}
