import type { DeadLetters } from '../../adapters/dead-letters/index.ts';
import type { Events } from '../../adapters/events/index.ts';
import type { JsonObject } from '../../core/model/resource.ts';
import type { CloneRecord } from '../../core/ports.ts';
import { logOf } from '../clone-log.ts';
import { type CallbackPorts, tryCallback } from './callback.ts';
import { cloneEventOf } from './clone-event.ts';
import { once } from './once.ts';

export interface AnnouncerPorts extends CallbackPorts {
  events: Events;
  deadLetters: DeadLetters;
}

/** Tells others that a clone has come to rest. */
export interface Announcer {
  /**
   * Tells what is not told yet, each at most once for one rest of one clone; to be called again after
   * `pauseSeconds`, where that is not 0.
   */
  announce(clone: { cloneId: string; attempt: number }): Promise<{ pauseSeconds: number }>;
}

const NOTHING_LEFT = { pauseSeconds: 0 };

/** An event for everybody, a dead letter where nobody else will look, a callback to the address of the request. */
export function createAnnouncer(ports: AnnouncerPorts): Announcer {
  return {
    async announce({ cloneId, attempt }) {
      const record = await ports.clones.get(cloneId);
      // A newer attempt speaks for itself.
      if (record === undefined || record.attempt !== attempt || record.status === 'running')
        return NOTHING_LEFT;
      const rest = restOf(record);
      const event = cloneEventOf(record);
      if (event) await once(ports.records, `event-${rest}`, () => ports.events.put(event.type, event.detail));
      const letter = letterOf(record);
      if (letter) await once(ports.records, `letter-${rest}`, () => ports.deadLetters.put(letter));
      return { pauseSeconds: await tryCallback({ ...ports, log: logOf(ports.log, record) }, record) };
    },
  };
}

/** Names one coming to rest: a clone that waits is looked at again and again, and waits still. */
function restOf({ cloneId, status, endedAt }: CloneRecord): string {
  return status === 'waiting' ? `${cloneId}-waiting` : `${cloneId}-${status}-${endedAt ?? ''}`;
}

/** A clone that an event asked for and that could not be begun: its sender has had its 202 and asks no more. */
function letterOf({
  cloneId,
  status,
  origin,
  notes,
  request,
  createdAt,
}: CloneRecord): JsonObject | undefined {
  const refusal = (notes?.['refusal'] as JsonObject | undefined)?.['code'];
  if (origin?.kind !== 'webhook' || status !== 'failed' || typeof refusal !== 'string') return undefined;
  return {
    kind: 'webhook',
    hook: origin.name,
    deliveryId: origin.runId ?? null,
    cloneId,
    source: request.source.account,
    target: request.target.account,
    code: refusal,
    createdAt,
  };
}
