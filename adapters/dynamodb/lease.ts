import { randomUUID } from 'node:crypto';
import { FlowferryError } from '../../core/model/problem.ts';
import type { Lease, Pair } from '../../core/ports.ts';
import { type Item, type Key, number, text } from './attributes.ts';
import { join } from './keys.ts';
import type { Storage } from './storage.ts';

export interface LeaseSettings {
  /** How long a lease holds without renewal, in ms. */
  leaseMs: number;
  /** How far the wall clocks of the table's users may differ, in ms: others wait that much longer. */
  clockSkewMs: number;
}

/** How often a take-over is tried again when somebody else moved the lease in between. */
const TRIES = 10;

function leaseKey(pair: Pair): Key {
  return { pk: join('lease', pair.source, pair.target), sk: 'lease' };
}

/** The error for a pair that another clone is writing; its problem names that clone. */
export function inProgress(holder: string): FlowferryError {
  const message = `Clone ${holder} is writing from this source account into this target account.`;
  return new FlowferryError('clone_in_progress', message, {
    problems: [{ code: 'clone_in_progress', message, candidates: [{ id: holder, name: 'clone' }] }],
  });
}

/** The error for a lease that another clone, or a later attempt of the same, has taken. */
export function leaseLost(): FlowferryError {
  return new FlowferryError(
    'lease_lost',
    'Another clone has taken over the right to write into this target.',
  );
}

/**
 * Takes the lease of a pair by a conditional write. The item is never deleted, so epochs only grow. The clone that
 * holds it takes it anew at once, which shuts out what is left of its earlier attempt; others wait for its expiry.
 */
export async function acquireLease(
  storage: Storage,
  settings: LeaseSettings,
  pair: Pair,
  cloneId: string,
): Promise<Lease> {
  const { clock } = storage;
  const key = leaseKey(pair);
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const held = await storage.get(key);
    const asked = clock.monotonic();
    const until = clock.now() + settings.leaseMs + settings.clockSkewMs;
    const epoch = held ? number(held, 'epoch') + 1 : 1;
    if (held && text(held, 'cloneId') !== cloneId && number(held, 'until') > clock.now()) {
      throw inProgress(text(held, 'cloneId'));
    }
    const token = randomUUID();
    const taken = held
      ? await storage.update(key, { cloneId, epoch, until, token }, unchanged(held))
      : await storage.putIf(
          { ...key, cloneId, epoch, until, token },
          { expression: 'attribute_not_exists(pk)' },
        );
    // Refused may mean that an earlier try of this very write succeeded and its answer got lost.
    if (taken || (await holds(storage, key, token)))
      return createLease(storage, settings, { pair, cloneId, epoch, asked });
  }
  throw new FlowferryError('storage_unavailable', 'The lease could not be taken: others keep moving it.');
}

async function holds(storage: Storage, key: Key, token: string): Promise<boolean> {
  const held = await storage.get(key);
  return held !== undefined && text(held, 'token') === token;
}

function unchanged(held: Item) {
  return {
    expression: '#epoch = :epoch AND #until = :until',
    names: { '#epoch': 'epoch', '#until': 'until' },
    values: { ':epoch': number(held, 'epoch'), ':until': number(held, 'until') },
  };
}

function createLease(
  storage: Storage,
  { leaseMs, clockSkewMs }: LeaseSettings,
  held: { pair: Pair; cloneId: string; epoch: number; asked: number },
): Lease {
  const { clock } = storage;
  const { pair, cloneId, epoch } = held;
  const key = leaseKey(pair);
  const mine = {
    expression: '#cloneId = :cloneId AND #epoch = :epoch',
    names: { '#cloneId': 'cloneId', '#epoch': 'epoch' },
    values: { ':cloneId': cloneId, ':epoch': epoch },
  };
  // From before the request was sent: the table may have counted from then on.
  let validUntil = held.asked + leaseMs;
  return {
    pair,
    cloneId,
    epoch,
    remainingMs: () => Math.max(0, validUntil - clock.monotonic()),
    async renew() {
      const asked = clock.monotonic();
      const until = clock.now() + leaseMs + clockSkewMs;
      if (!(await storage.update(key, { until }, mine))) {
        validUntil = 0;
        throw leaseLost();
      }
      validUntil = asked + leaseMs;
    },
    async release() {
      validUntil = 0;
      await storage.update(key, { until: 0 }, mine);
    },
  };
}
