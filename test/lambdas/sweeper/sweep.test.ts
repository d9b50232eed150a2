import { beforeEach, describe, expect, test } from '@jest/globals';
import { createMemoryCloneStore, createMemoryRecordStore } from '../../../adapters/memory/index.ts';
import type { Account, Clock, CloneRecord } from '../../../core/ports.ts';
import { createMetrics } from '../../../lambdas/metrics/emf.ts';
import { type SweeperPorts, sweep } from '../../../lambdas/sweeper/sweep.ts';
import { type Line, parseLine } from '../metrics/support.ts';
import { newRecord } from '../worker/support.ts';

const START = Date.parse('2026-01-01T12:00:00.000Z');
const MINUTE = 60_000;

describe('the sweeper', () => {
  let now: number;
  let started: string[];
  let pings: string[];
  let isAuthorised: (connectionId: string) => boolean | Error;
  let ports: SweeperPorts;

  beforeEach(() => {
    now = START;
    started = [];
    pings = [];
    isAuthorised = () => false;
    const clock: Clock = { now: () => now, monotonic: () => now, sleep: async () => undefined };
    const quiet = () => undefined;
    const account = {
      ping: async (id: string) => {
        pings.push(id);
        const answer = isAuthorised(id);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    } as unknown as Account;
    ports = {
      clones: createMemoryCloneStore({ clock }),
      accounts: { open: async () => account },
      records: createMemoryRecordStore({ clock }),
      worker: { start: async (cloneId, attempt) => void started.push(`${cloneId}-${attempt}`) },
      clock,
      log: { info: quiet, warn: quiet, error: quiet },
      settings: { stallAfterMs: 5 * MINUTE, firstLookMs: MINUTE },
    };
  });

  const store = async (more: Partial<CloneRecord>): Promise<void> => {
    const record = newRecord('one');
    const status = more.status ?? 'running';
    const waits = [
      { connectionId: 'c1', name: 'Shop' },
      { connectionId: 'c2', name: 'Books' },
    ];
    const pendingAuthorizations = status === 'waiting' ? waits : [];
    const state = { ...record.state, status, pendingAuthorizations };
    await ports.clones.create({ ...record, heartbeatAt: new Date(START).toISOString(), state, ...more });
  };
  const stored = async () => ports.clones.get('one');

  test('leaves a clone alone whose worker says it is alive', async () => {
    await store({});
    now += 5 * MINUTE;

    expect(await sweep(ports)).toEqual({ restarted: 0, woken: 0 });
    expect(started).toEqual([]);
  });

  test('gives a clone another worker whose worker fell silent, with its errors and its wish', async () => {
    const { state } = newRecord('one');
    const errors = [{ code: 'refused', message: 'No.' }];
    await store({
      wish: 'cancel',
      state: { ...state, errors },
      notes: { cause: { code: 'upstream_failed' } },
    });
    now += 5 * MINUTE + 1;

    expect(await sweep(ports)).toEqual({ restarted: 1, woken: 0 });
    expect(await sweep(ports)).toEqual({ restarted: 0, woken: 0 });
    expect(started).toEqual(['one-2']);
    expect(await stored()).toMatchObject({
      status: 'running',
      attempt: 2,
      wish: 'cancel',
      state: { errors },
      notes: { cause: { code: 'upstream_failed' } },
    });
  });

  test('gives a clone up that silences its workers again and again, and counts it as failed', async () => {
    const lines: Line[] = [];
    ports.metrics = createMetrics({ clock: ports.clock, write: (line) => lines.push(parseLine(line)) });
    await store({});
    for (let sweeps = 0; sweeps < 12; sweeps += 1) {
      now += 6 * MINUTE;
      await sweep(ports);
    }

    expect(started).toHaveLength(10);
    expect(await stored()).toMatchObject({
      status: 'failed',
      state: { errors: [{ code: 'internal_error' }] },
    });
    expect(lines).toMatchObject([{ Status: 'failed', Clones: 1, ClonesFailed: 1, cloneId: 'one' }]);
  });

  test('wakes a clone once all its connections work', async () => {
    await store({ status: 'waiting' });
    now += MINUTE;
    isAuthorised = (id) => id === 'c1';
    const early = await sweep(ports);
    isAuthorised = () => true;
    now += MINUTE;

    const late = await sweep(ports);

    expect([early.woken, late.woken]).toEqual([0, 1]);
    expect(started).toEqual(['one-2']);
    expect(await stored()).toMatchObject({ status: 'running', attempt: 2, state: { status: 'running' } });
  });

  test('asks for one connection that is missing, and for no other behind it', async () => {
    await store({ status: 'waiting' });
    now += MINUTE;

    await sweep(ports);

    expect(pings).toEqual(['c1']);
  });

  test('looks less and less often, yet at least once an hour, and never twice at a time', async () => {
    await store({ status: 'waiting' });
    const looks: number[] = [];
    for (let minutes = 1; minutes <= 24 * 60; minutes += 1) {
      now += MINUTE;
      const before = pings.length;
      await Promise.all([sweep(ports), sweep(ports)]);
      expect(pings.length - before).toBeLessThanOrEqual(1);
      if (pings.length > before) looks.push(minutes);
    }

    const gaps = looks.slice(1).map((minute, index) => minute - (looks[index] ?? 0));
    expect(looks[0]).toBe(1);
    expect(looks.length).toBeLessThan(80);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(61);
    expect(gaps.at(-1)).toBeGreaterThan(gaps[0] ?? 0);
  });

  test('does not let one clone’s trouble keep it from the others', async () => {
    await store({ status: 'waiting' });
    await ports.clones.create({ ...newRecord('two'), heartbeatAt: new Date(START).toISOString() });
    isAuthorised = () => new Error('integrator.io is away');
    now += 6 * MINUTE;

    await sweep(ports);

    expect(started).toEqual(['two-2']);
  });
});
