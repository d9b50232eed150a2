import { randomUUID } from 'node:crypto';
import { leaseHeld, leaseLost } from '../../core/model/lease.ts';
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
  /**
   * How long, ms, a lease that its own clone did not give back must go without renewal before the clone takes it anew.
   * Whoever works under a lease renews it more often than that.
   */
  takeOverMs: number;
}

/** How often a take-over is tried again when somebody else moved the lease in between. */
const TRIES = 10;

function leaseKey(pair: Pair): Key {
  return { pk: join('lease', pair.source, pair.target), sk: 'lease' };
}

/**
 * Takes the lease of a pair by a conditional write. The item is never deleted, so epochs only grow. The clone that
 * holds it takes it anew once nobody has renewed it for a while: a worker that lives is left to go on, and one that
 * slept meanwhile finds its epoch gone before it sends anything. Other clones wait for its expiry.
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
    const held = await atRest(storage, settings, key, cloneId);
    const asked = clock.monotonic();
    const until = clock.now() + settings.leaseMs + settings.clockSkewMs;
    const epoch = held ? number(held, 'epoch') + 1 : 1;
    if (held && text(held, 'cloneId') !== cloneId && number(held, 'until') > clock.now()) {
      throw leaseHeld(text(held, 'cloneId'));
    }
    const token = randomUUID();
    const taken = held
      ? await storage.update(key, { cloneId, epoch, until, token }, unchanged(held))
      : await storage.putIf(
          { ...key, cloneId, epoch, until, token },
          { expression: 'attribute_not_exists(pk)' },
        );
    // Refused may mean that an earlier try of this very write succeeded and its answer got lost.
    if (taken || (await holds(storage, key, token))) {
      const inherited = held !== undefined && isHeldBy(held, cloneId);
      return createLease(storage, settings, { pair, cloneId, epoch, inherited, asked });
    }
  }
  throw new FlowferryError('storage_unavailable', 'The lease could not be taken: others keep moving it.');
}

/** Whether this clone took the lease and never gave it back. */
function isHeldBy(held: Item, cloneId: string): boolean {
  return text(held, 'cloneId') === cloneId && number(held, 'until') > 0;
}

/** The lease's item. One that this clone holds already is watched for a while: whoever renews it is alive. */
async function atRest(
  storage: Storage,
  { takeOverMs }: LeaseSettings,
  key: Key,
  cloneId: string,
): Promise<Item | undefined> {
  const { clock } = storage;
  const held = await storage.get(key);
  // After its expiry nobody sends under it without renewing it first.
  if (!held || !isHeldBy(held, cloneId) || number(held, 'until') <= clock.now()) return held;
  await clock.sleep(takeOverMs);
  const later = await storage.get(key);
  if (!later || !isHeldBy(later, cloneId)) return later;
  const isAlive =
    number(later, 'epoch') !== number(held, 'epoch') || number(later, 'until') !== number(held, 'until');
  if (isAlive) throw leaseHeld(cloneId);
  return later;
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
  held: { pair: Pair; cloneId: string; epoch: number; inherited: boolean; asked: number },
): Lease {
  const { clock } = storage;
  const { pair, cloneId, epoch, inherited } = held;
  const key = leaseKey(pair);
  const mine = {
    expression: '#cloneId = :cloneId AND #epoch = :epoch',
    names: { '#cloneId': 'cloneId', '#epoch': 'epoch' },
    values: { ':cloneId': cloneId, ':epoch': epoch },
  };
  // From before the request was sent: the table may have counted from then on.
  let renewedAt = held.asked;
  let isOver = false;
  let renewing: Promise<void> | undefined;
  const renew = async (): Promise<void> => {
    const asked = clock.monotonic();
    const until = clock.now() + leaseMs + clockSkewMs;
    // Nor does it come to life again once it was given back.
    const held = {
      expression: `${mine.expression} AND #until > :none`,
      names: { ...mine.names, '#until': 'until' },
      values: { ...mine.values, ':none': 0 },
    };
    if (!(await storage.update(key, { until }, held))) {
      isOver = true;
      throw leaseLost();
    }
    renewedAt = asked;
  };
  return {
    pair,
    cloneId,
    epoch,
    inherited,
    remainingMs: () => (isOver ? 0 : Math.max(0, renewedAt + leaseMs - clock.monotonic())),
    sinceRenewalMs: () => (isOver ? Number.POSITIVE_INFINITY : clock.monotonic() - renewedAt),
    renew() {
      // All that wait for their turn to write ask at once: one renewal serves them.
      renewing ??= renew().finally(() => {
        renewing = undefined;
      });
      return renewing;
    },
    async release() {
      isOver = true;
      await storage.update(key, { until: 0 }, mine);
    },
  };
}
