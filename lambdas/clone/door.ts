import { codeOf } from '../../core/model/problem.ts';
import type { CloneRequest } from '../../core/model/request.ts';
import type { CloneRecord } from '../../core/ports.ts';
import type { Reply } from '../http/call.ts';
import { ProblemError } from '../http/problem.ts';
import { answer, hasSettled, refusal, refusalOf } from './outcome.ts';
import type { CloneDoorPorts } from './ports.ts';

/** A checked request for a clone, with what its headers said. */
export interface Order {
  keyId: string;
  request: CloneRequest;
  /** The id under which this request stands in the logs; the clone's worker logs under it, too. */
  requestId: string;
  /** Hash of the body, to know a key that comes again with another. */
  bodyHash: string;
  idempotencyKey?: string | undefined;
  /** `true`: answer 202 at once. */
  respondAsync: boolean;
}

/** A clone that this order stands for. `own`: this call brought it into being. */
interface Admission {
  cloneId: string;
  own: boolean;
}

/**
 * Between two looks passes a twentieth of the time waited so far, within these bounds (ms): whatever a clone takes,
 * its caller learns of the end no more than that share later, and a long one is not asked after often. When a clone
 * that tells how much is left is about to end, it is looked at more often again.
 */
const SHORTEST_POLL = 15;
const LONGEST_POLL = 150;
const POLL_SHARE = 0.05;
const NEAR_END_POLL = 20;
/** What a clone says is left is a second old at most; in seconds. */
const NEAR_END = 2;

/** A worker that has not said anything this long (ms) after the clone was stored may never have been started. */
const START_GRACE = 5_000;

/** The part that says some caller was answered 202: such a clone stays, whatever becomes of it. */
const ACCEPTED = 'accepted';

/**
 * Brings a clone into being, or finds the one that the idempotency key stands for, and waits for its end as long
 * as the settings allow. Throws the problem where the clone failed or was refused.
 *
 * A clone refused before it wrote anything is taken back by the call that made it: neither the clone nor its key
 * has existed. The calls that shared the key see it vanish and try again as the first.
 */
export async function placeOrder(ports: CloneDoorPorts, order: Order): Promise<Reply> {
  const deadline = ports.clock.monotonic() + ports.settings.syncWaitMs;
  for (;;) {
    const admission = await admit(ports, order);
    const record = await settle(ports, admission, order.respondAsync ? 0 : deadline);
    if (record === undefined) continue;
    const code = refusalOf(record);
    if (
      admission.own &&
      code !== undefined &&
      (await ports.clones.getPart(record.cloneId, ACCEPTED)) !== true
    ) {
      // Read before it is gone: its problems may be more than stand in the record.
      const state = await ports.engine.reportOf(ports, record);
      await takeBack(ports, order, record.cloneId);
      throw refusal(code, { ...record, state });
    }
    if (!hasSettled(record)) await ports.clones.putPart(record.cloneId, ACCEPTED, true);
    return replayed(!admission.own, await reply(ports, record));
  }
}

/** Binds the key, stores the clone and starts its worker: each step finds what an earlier try of it did. */
async function admit(ports: CloneDoorPorts, order: Order): Promise<Admission> {
  const { cloneId, bound } = await bind(ports, order);
  if (!bound) {
    const record = await ports.clones.get(cloneId);
    if (record !== undefined) {
      await startAgain(ports, record);
      return { cloneId, own: false };
    }
    // Taken back meanwhile, and then the key is free; or its first caller died before storing the clone.
    const second = await bind(ports, order);
    if (second.bound || second.cloneId !== cloneId) return create(ports, order, second.cloneId, second.bound);
  }
  return create(ports, order, cloneId, bound);
}

async function bind(ports: CloneDoorPorts, order: Order): Promise<{ cloneId: string; bound: boolean }> {
  const { keyId, idempotencyKey, bodyHash } = order;
  const fresh = ports.newCloneId();
  if (idempotencyKey === undefined) return { cloneId: fresh, bound: true };
  const binding = await ports.idempotency.bind({
    keyId,
    key: idempotencyKey,
    bodyHash,
    cloneId: fresh,
    ttlSeconds: ports.settings.idempotencyTtlSeconds,
  });
  if (binding.bodyHash !== bodyHash) {
    throw new ProblemError('idempotency_key_reused', 'This Idempotency-Key came before with another body.');
  }
  return { cloneId: binding.cloneId, bound: binding.bound };
}

async function create(
  ports: CloneDoorPorts,
  order: Order,
  cloneId: string,
  own: boolean,
): Promise<Admission> {
  const createdAt = new Date(ports.clock.now()).toISOString();
  const { keyId, request, requestId } = order;
  const record = {
    ...ports.engine.newCloneRecord({ cloneId, keyId, request, createdAt }),
    notes: { requestId },
  };
  try {
    await ports.clones.create(record);
  } catch (error) {
    if (codeOf(error) !== 'clone_exists') throw error;
    return { cloneId, own };
  }
  await ports.worker.start(cloneId, record.attempt);
  return { cloneId, own };
}

/** The start may have been lost with the caller that owed it; starting the same attempt twice starts it once. */
async function startAgain(ports: CloneDoorPorts, record: CloneRecord): Promise<void> {
  const silent = record.heartbeatAt === undefined && !hasSettled(record);
  if (silent && ports.clock.now() - Date.parse(record.createdAt) > START_GRACE) {
    await ports.worker.start(record.cloneId, record.attempt);
  }
}

/** Reads the clone until it settles or the deadline (monotonic, ms) has passed; `undefined` when it vanished. */
async function settle(
  { clones, clock }: CloneDoorPorts,
  { cloneId }: Admission,
  deadline: number,
): Promise<CloneRecord | undefined> {
  const began = clock.monotonic();
  for (;;) {
    const record = await clones.get(cloneId);
    if (record === undefined || hasSettled(record)) return record;
    const now = clock.monotonic();
    if (now >= deadline) return record;
    const longest = isNearEnd(record) ? NEAR_END_POLL : LONGEST_POLL;
    const pause = Math.min(longest, Math.max(SHORTEST_POLL, (now - began) * POLL_SHARE));
    await clock.sleep(Math.min(pause, deadline - now));
  }
}

function isNearEnd({ state: { progress } }: CloneRecord): boolean {
  return progress.secondsLeft !== undefined && progress.secondsLeft <= NEAR_END;
}

/** The key first: who finds the clone gone must find the key free. */
async function takeBack(ports: CloneDoorPorts, order: Order, cloneId: string): Promise<void> {
  if (order.idempotencyKey !== undefined) {
    await ports.idempotency.release({ keyId: order.keyId, key: order.idempotencyKey, cloneId });
  }
  await ports.clones.remove(cloneId);
}

async function reply(ports: CloneDoorPorts, record: CloneRecord): Promise<() => Reply> {
  const state = await ports.engine.reportOf(ports, record);
  return () => answer(record, state);
}

/** The header of a replay belongs on problems, too. */
function replayed(replay: boolean, make: () => Reply): Reply {
  if (!replay) return make();
  const header = { 'idempotency-replayed': 'true' };
  try {
    const made = make();
    return { ...made, headers: { ...made.headers, ...header } };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    throw error.withHeaders(header);
  }
}
