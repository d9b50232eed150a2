import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Callback } from '../../../adapters/callbacks/index.ts';
import { createMemoryCloneStore, createMemoryRecordStore } from '../../../adapters/memory/index.ts';
import { FlowferryError } from '../../../core/model/problem.ts';
import type { JsonObject } from '../../../core/model/resource.ts';
import type { Clock, CloneRecord } from '../../../core/ports.ts';
import { type Announcer, type AnnouncerPorts, createAnnouncer } from '../../../lambdas/announce/index.ts';
import { newRecord } from '../worker/support.ts';

const START = Date.parse('2026-01-01T12:00:00.000Z');
const CLONE = { cloneId: 'clone-1', attempt: 1 };

describe('a clone that has come to rest', () => {
  let now: number;
  let events: { type: string; detail: JsonObject }[];
  let letters: JsonObject[];
  let sent: Callback[];
  let fail: Error | undefined;
  let ports: AnnouncerPorts;
  let announcer: Announcer;

  beforeEach(() => {
    now = START;
    events = [];
    letters = [];
    sent = [];
    fail = undefined;
    const clock: Clock = { now: () => now, monotonic: () => now, sleep: async () => undefined };
    const quiet = () => undefined;
    ports = {
      clones: createMemoryCloneStore({ clock }),
      records: createMemoryRecordStore({ clock }),
      clock,
      log: { info: quiet, warn: quiet, error: quiet },
      events: { put: async (type, detail) => void events.push({ type, detail }) },
      deadLetters: { put: async (letter) => void letters.push(letter) },
      callbacks: {
        send: async (callback) => {
          sent.push(callback);
          if (fail) throw fail;
        },
      },
      callbackSecret: async () => 'whsec_c2VjcmV0',
    };
    announcer = createAnnouncer(ports);
  });

  const store = async (
    status: CloneRecord['status'],
    {
      callbackUrl,
      errors = [],
      ...more
    }: Partial<CloneRecord> & { callbackUrl?: string; errors?: string[] } = {},
  ): Promise<void> => {
    const record = newRecord(CLONE.cloneId);
    const endedAt = new Date(START).toISOString();
    const isEnded = status !== 'running' && status !== 'waiting';
    await ports.clones.create({
      ...record,
      ...more,
      status,
      ...(isEnded ? { endedAt } : {}),
      request: { ...record.request, ...(callbackUrl === undefined ? {} : { callbackUrl }) },
      state: {
        ...record.state,
        status,
        errors: errors.map((code) => ({ code, message: 'quotes a planted-document' })),
        pendingAuthorizations: status === 'waiting' ? [{ connectionId: 'c1', name: 'Shop' }] : [],
      },
    });
  };

  test.each([
    ['succeeded', [], ['Clone Succeeded']],
    ['failed', ['plan_blocked'], ['Clone Failed']],
    ['partial', ['refused'], ['Clone Failed']],
    ['rolled-back', ['refused'], ['Clone Failed']],
    ['rolled-back', [], []],
    ['waiting', [], ['Clone Waiting']],
    ['running', [], []],
  ] as const)('as %s with %j raises %j, once', async (status, errors, types) => {
    await store(status, { errors: [...errors] });

    await announcer.announce(CLONE);
    await announcer.announce(CLONE);

    expect(events.map(({ type }) => type)).toEqual(types);
    expect(JSON.stringify(events)).not.toContain('planted');
    for (const { detail } of events) expect(detail).toMatchObject({ cloneId: 'clone-1', status, errors });
  });

  test('says nothing of an attempt that is not the newest', async () => {
    await store('succeeded');

    const { pauseSeconds } = await announcer.announce({ ...CLONE, attempt: 2 });

    expect([events, pauseSeconds]).toEqual([[], 0]);
  });

  test('raises its event again when the bus was away', async () => {
    await store('succeeded');
    const { put } = ports.events;
    ports.events.put = () => Promise.reject(new Error('away'));
    await expect(announcer.announce(CLONE)).rejects.toThrow('away');
    ports.events.put = put;

    await announcer.announce(CLONE);

    expect(events).toHaveLength(1);
  });

  test.each([
    ['webhook', { refusal: { code: 'account_not_found' } }, 1],
    ['webhook', { cause: { code: 'upstream_failed' } }, 0],
    ['sync', { refusal: { code: 'account_not_found' } }, 0],
  ] as const)('begun by a %s and failed with %j leaves %d dead letter', async (kind, notes, count) => {
    await store('failed', { origin: { kind, name: 'signup', runId: 'evt_1' }, notes });

    await announcer.announce(CLONE);
    await announcer.announce(CLONE);

    expect(letters).toHaveLength(count);
    if (count > 0) {
      expect(letters[0]).toMatchObject({
        hook: 'signup',
        deliveryId: 'evt_1',
        cloneId: 'clone-1',
        target: 'acme',
        code: 'account_not_found',
      });
    }
  });

  test('is told to its callback once, with its state', async () => {
    await store('succeeded', { callbackUrl: 'https://example.com/told' });

    const first = await announcer.announce(CLONE);
    const second = await announcer.announce(CLONE);

    expect([first, second]).toEqual([{ pauseSeconds: 0 }, { pauseSeconds: 0 }]);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ url: 'https://example.com/told', sentAt: START });
    expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({
      cloneId: 'clone-1',
      status: 'succeeded',
      source: { account: 'blueprint' },
      target: { account: 'acme' },
    });
  });

  test('is told by one of any number of processes', async () => {
    await store('succeeded', { callbackUrl: 'https://example.com/told' });

    await Promise.all([1, 2, 3, 4].map(() => createAnnouncer(ports).announce(CLONE)));

    expect(sent).toHaveLength(1);
  });

  test('is told again, later and later and under the same id, until the receiver takes it', async () => {
    await store('failed', { callbackUrl: 'https://example.com/told', errors: ['refused'] });
    fail = new FlowferryError('callback_unreachable', 'The receiver answered 500.');
    const pauses: number[] = [];
    for (let tries = 0; tries < 3; tries += 1) {
      const { pauseSeconds } = await announcer.announce(CLONE);
      pauses.push(pauseSeconds);
      now += pauseSeconds * 1000;
    }
    fail = undefined;

    const { pauseSeconds } = await announcer.announce(CLONE);

    expect([...pauses, pauseSeconds]).toEqual([5, 30, 120, 0]);
    expect(sent).toHaveLength(4);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    expect(new Set(sent.map(({ sentAt }) => sentAt)).size).toBe(4);
  });

  test('is not told before it is time again', async () => {
    await store('succeeded', { callbackUrl: 'https://example.com/told' });
    fail = new FlowferryError('callback_unreachable', 'The receiver answered 500.');
    await announcer.announce(CLONE);
    now += 2_000;

    expect(await announcer.announce(CLONE)).toEqual({ pauseSeconds: 3 });
    expect(sent).toHaveLength(1);
  });

  test('is given up after half a day', async () => {
    await store('succeeded', { callbackUrl: 'https://example.com/told' });
    fail = new FlowferryError('callback_unreachable', 'The receiver answered 500.');
    let pause = 1;
    for (; pause > 0; now += pause * 1000) pause = (await announcer.announce(CLONE)).pauseSeconds;

    await announcer.announce(CLONE);

    expect(sent).toHaveLength(9);
    expect(now - START).toBeLessThan(12 * 3_600_000);
  });

  test.each(['callback_forbidden', 'callback_refused'])('is given up at once on %s', async (code) => {
    await store('succeeded', { callbackUrl: 'https://example.com/told' });
    fail = new FlowferryError(code, 'No.');

    expect(await announcer.announce(CLONE)).toEqual({ pauseSeconds: 0 });
    expect(await announcer.announce(CLONE)).toEqual({ pauseSeconds: 0 });
    expect(sent).toHaveLength(1);
  });

  test('is not told to anybody while it waits for the customer', async () => {
    await store('waiting', { callbackUrl: 'https://example.com/told' });

    await announcer.announce(CLONE);

    expect(sent).toEqual([]);
  });
});
