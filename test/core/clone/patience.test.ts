import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { newCloneRecord } from '../../../core/clone/index.ts';
import { cloneRequest } from '../../../core/model/request.ts';
import type { CloneRecord } from '../../../core/ports.ts';
import { type Harness, startHarness } from '../../support/harness.ts';

const CREATED = Date.parse('2026-01-01T00:00:00.000Z');
const MINUTES = 60_000;

describe('a clone into an account that is not there', () => {
  let harness: Harness;
  let now: number;
  beforeEach(async () => {
    harness = await startHarness();
    now = CREATED;
    harness.ports = { ...harness.ports, clock: { ...harness.ports.clock, now: () => now } };
  });
  afterEach(() => harness.close());

  const order = async (more: Partial<CloneRecord>): Promise<void> => {
    const request = cloneRequest.parse({
      source: { account: 'blueprint', flowIds: ['5f0000000000000000000001'] },
      target: { account: 'not-yet' },
    });
    const createdAt = new Date(CREATED).toISOString();
    const record = newCloneRecord({ cloneId: 'one', keyId: 'k', request, createdAt });
    await harness.ports.clones.create({ ...record, ...more });
  };
  const advance = () => harness.engine.advance(harness.ports, 'one', 1_000);

  test('waits longer and longer for up to an hour when an event started it, then fails', async () => {
    await order({ origin: { kind: 'webhook', name: 'signup', runId: 'evt_1' } });

    const pauses: number[] = [];
    for (let result = await advance(); result.next === 'later'; result = await advance()) {
      pauses.push(result.seconds);
      now += result.seconds * 1000;
    }
    const record = await harness.ports.clones.get('one');

    expect(pauses.slice(0, 9)).toEqual([1, 1, 2, 4, 8, 16, 32, 64, 120]);
    expect(Math.max(...pauses)).toBe(120);
    expect(now - CREATED).toBeGreaterThanOrEqual(60 * MINUTES);
    expect(now - CREATED).toBeLessThan(63 * MINUTES);
    expect(record).toMatchObject({
      status: 'failed',
      state: { errors: [{ code: 'account_not_found' }] },
      notes: { refusal: { code: 'account_not_found' } },
    });
  });

  test('shows that it is alive while it waits', async () => {
    await order({ origin: { kind: 'webhook', name: 'signup' } });
    now += 10 * MINUTES;

    await advance();

    expect((await harness.ports.clones.get('one'))?.heartbeatAt).toBe('2026-01-01T00:10:00.000Z');
  });

  test('does not wait when it is asked to stop', async () => {
    await order({ origin: { kind: 'webhook', name: 'signup' } });
    await harness.ports.clones.wish('one', 'cancel');

    expect(await advance()).toEqual({ next: 'stop', status: 'failed' });
  });

  test('fails at once when a caller asked for it', async () => {
    await order({});

    expect(await advance()).toEqual({ next: 'stop', status: 'failed' });
  });
});
