import type { CallbackSender } from '../../adapters/callbacks/index.ts';
import type { RecordStore } from '../../adapters/records.ts';
import { reportOf } from '../../core/clone/report.ts';
import { type CloneState, isFinal } from '../../core/model/clone.ts';
import { codeOf } from '../../core/model/problem.ts';
import type { Clock, CloneRecord, CloneStore, Log } from '../../core/ports.ts';

export interface CallbackPorts {
  clones: CloneStore;
  callbacks: CallbackSender;
  /** The secret that callbacks are signed with; `undefined` while there is none. */
  callbackSecret(): Promise<string | undefined>;
  records: RecordStore;
  clock: Clock;
  log: Log;
}

const COLLECTION = 'callbacks';
const KEPT_SECONDS = 90 * 86_400;

/** Seconds from each try to the next: eleven hours in all, for a receiver may be down over night. */
const PAUSES = [5, 30, 120, 600, 1_800, 3_600, 10_800, 21_600] as const;

/** Longer than a try can take, ms: who began one and is silent since has died. */
const CLAIM_MS = 60_000;

/** How far the message of one final state has come. */
interface Delivery {
  tries: number;
  /** No try before this, ms since the epoch. */
  notBefore: number;
  outcome?: 'delivered' | 'given-up';
}

/**
 * Makes one try to tell a clone's final state to the address that its request named, unless it was told already.
 * Tries exclude each other: of any number of processes one sends. Only a try whose end nobody could note, because
 * its process died, is made again, under the same message id.
 *
 * @returns seconds until the next try; 0: there is none to make
 */
export async function tryCallback(ports: CallbackPorts, record: CloneRecord): Promise<number> {
  const { callbackUrl } = record.request;
  if (callbackUrl === undefined || !isFinal(record.status) || record.endedAt === undefined) return 0;
  const { records, clock } = ports;
  const id = `${record.cloneId}-${record.status}-${Date.parse(record.endedAt)}`;
  const stored = await records.get<Delivery>(COLLECTION, id);
  const { tries, notBefore, outcome } = stored?.value ?? { tries: 0, notBefore: 0 };
  if (outcome !== undefined) return 0;
  const early = notBefore - clock.now();
  if (early > 0) return Math.ceil(early / 1000);

  const keep = (delivery: Delivery, ifVersion: string) =>
    records.put(COLLECTION, id, delivery, { ttlSeconds: KEPT_SECONDS, ifVersion });
  const claim = { tries: tries + 1, notBefore: clock.now() + CLAIM_MS };
  const claimed = await keep(claim, stored?.version ?? 'absent');
  if (claimed === undefined) return Math.ceil(CLAIM_MS / 1000);

  const result = await sendOnce(ports, record, callbackUrl, `msg-${id}`);
  const pause = PAUSES[tries];
  const isOver = result !== 'failed' || pause === undefined;
  const next: Delivery = isOver
    ? { ...claim, outcome: result === 'delivered' ? 'delivered' : 'given-up' }
    : { ...claim, notBefore: clock.now() + pause * 1000 };
  await keep(next, claimed);
  if (isOver) ports.log.info('callback ended', { cloneId: record.cloneId, outcome: next.outcome ?? '' });
  return isOver ? 0 : pause;
}

async function sendOnce(
  ports: CallbackPorts,
  record: CloneRecord,
  url: string,
  id: string,
): Promise<'delivered' | 'forbidden' | 'failed'> {
  const { callbacks, callbackSecret, clock, log } = ports;
  try {
    const secret = await callbackSecret();
    if (secret === undefined) throw new Error('There is no secret to sign with.');
    const body = JSON.stringify(await summaryOf(ports, record));
    await callbacks.send({ url, id, secret, sentAt: clock.now(), body });
    return 'delivered';
  } catch (error) {
    const code = codeOf(error);
    log.warn('callback failed', { cloneId: record.cloneId, code });
    return code === 'callback_forbidden' || code === 'callback_refused' ? 'forbidden' : 'failed';
  }
}

/** A clone's state without its objects and without addresses that receive: `GET /clones/{id}` tells the rest. */
async function summaryOf(ports: CallbackPorts, record: CloneRecord): Promise<CloneState> {
  const {
    actions: _actions,
    idMap: _idMap,
    flows: _flows,
    next: _next,
    ...rest
  } = await reportOf(ports, record);
  return rest;
}
