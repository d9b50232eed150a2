import { beforeEach, describe, expect, test } from '@jest/globals';
import { createMemoryCloneStore } from '../../../adapters/memory/index.ts';
import type { ClonePorts } from '../../../core/clone/contract.ts';
import { emptyState } from '../../../core/clone/record.ts';
import type { CloneStatus } from '../../../core/model/clone.ts';
import { cloneRequest } from '../../../core/model/request.ts';
import type { Account, CallStats, CloneRecord, CloneStore } from '../../../core/ports.ts';
import { meteredAccounts } from '../../../lambdas/metrics/accounts.ts';
import { createMetrics } from '../../../lambdas/metrics/emf.ts';
import { meteredEngine } from '../../../lambdas/metrics/engine.ts';
import { type Line, parseLine } from './support.ts';

const NOW = Date.parse('2026-01-01T00:00:10.000Z');
const clock = { now: () => NOW, monotonic: () => 0, sleep: async () => undefined };
const request = cloneRequest.parse({
  source: { account: 'blueprint', flowIds: ['5f0000000000000000000001'] },
  target: { account: 'acme' },
});
const ACTIONS = [
  { action: 'create', type: 'flow' },
  { action: 'create', type: 'export' },
  { action: 'create', type: 'export' },
  { action: 'reuse', type: 'connection' },
];

describe('what a worker counts', () => {
  let lines: Line[];
  let clones: CloneStore;
  let stats: CallStats;
  const metrics = createMetrics({ clock, write: (line) => lines.push(parseLine(line)) });
  const account = { stats: () => ({ ...stats }) } as Account;

  beforeEach(async () => {
    lines = [];
    stats = { calls: 0, retries: 0, rateLimited: 0 };
    clones = createMemoryCloneStore({ clock });
    await clones.create({
      cloneId: 'clone-1',
      keyId: 'all',
      request,
      createdAt: '2026-01-01T00:00:08.500Z',
      status: 'running',
      attempt: 1,
      state: emptyState(request, 'running', 'reading'),
    });
  });

  /** Carries the clone on once, over an engine that makes some calls and leaves the clone in this status. */
  async function advance(
    status: CloneStatus,
    { bySeries = false, withErrors = false, thenThrows = false } = {},
  ): Promise<void> {
    const accounts = meteredAccounts({ open: async () => account }, { metrics, bySeries });
    const engine = meteredEngine(
      {
        advance: async () => {
          await accounts.open('acme', { rateShare: 1 });
          stats = { calls: stats.calls + 7, retries: stats.retries + 1, rateLimited: stats.rateLimited + 2 };
          const record = (await clones.get('clone-1')) as CloneRecord;
          const errors = withErrors ? [{ code: 'upstream_failed', message: 'no' }] : [];
          const counts = { create: 3, update: 0, reuse: 1, unchanged: 0 };
          const plan = {
            fingerprint: 'f',
            counts,
            cost: { source: { calls: 1 }, target: { calls: 1 }, seconds: 1 },
          };
          await clones.putPart('clone-1', 'plan', { plan: { actions: ACTIONS } });
          await clones.save({ ...record, status, state: { ...record.state, status, errors, plan } });
          if (thenThrows) throw new Error('the lease could not be given back');
          return status === 'running' ? { next: 'again' } : { next: 'stop', status };
        },
      },
      { metrics, accounts },
    );
    await engine.advance({ clones, clock } as unknown as ClonePorts, 'clone-1', 1_000);
  }
  const having = (name: string) => lines.filter((line) => name in line);

  test('how long a clone waited for its worker', async () => {
    await advance('running');
    expect(having('QueueWaitMs')).toMatchObject([{ QueueWaitMs: 1_500, cloneId: 'clone-1' }]);
  });

  test('calls, repeats and 429s by account, each once', async () => {
    // Act
    await advance('succeeded');

    // Assess
    expect(having('Calls')).toMatchObject([{ Account: 'acme', Calls: 7, Retries: 1, RateLimited: 2 }]);
    expect(having('Calls')[0]?._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([['Service']]);
  });

  test('an account has series of its own where that was asked for', async () => {
    await advance('succeeded', { bySeries: true });
    expect(having('Calls')[0]?._aws.CloudWatchMetrics[0]?.Dimensions).toContainEqual(['Service', 'Account']);
  });

  test('a clone by its status, and its actions by type and kind', async () => {
    // Act
    await advance('succeeded');

    // Assess
    expect(having('Clones')).toMatchObject([{ Status: 'succeeded', Clones: 1, ClonesFailed: 0 }]);
    expect(having('Actions').map(({ Type, Kind, Actions }) => [Type, Kind, Actions])).toEqual([
      ['flow', 'create', 1],
      ['export', 'create', 2],
      ['connection', 'reuse', 1],
    ]);
  });

  test.each<[CloneStatus, boolean, number]>([
    ['failed', true, 1],
    ['partial', true, 1],
    ['rolled-back', true, 1],
    ['rolled-back', false, 0],
    ['waiting', false, 0],
  ])(
    'a clone that is %s (errors: %s) counts %i towards those that failed',
    async (status, withErrors, failed) => {
      await advance(status, { withErrors });
      expect(having('Clones')).toMatchObject([{ Status: status, ClonesFailed: failed }]);
    },
  );

  test('a clone that ended before the rest of its step failed is counted once, whatever is tried again', async () => {
    // Act
    const first = advance('partial', { withErrors: true, thenThrows: true });
    await expect(first).rejects.toThrow('lease');
    await advance('partial', { withErrors: true });

    // Assess
    expect(having('Clones')).toMatchObject([{ Status: 'partial', Clones: 1, ClonesFailed: 1 }]);
  });

  test('a clone whose step failed and that will be tried again is not counted', async () => {
    await expect(advance('running', { thenThrows: true })).rejects.toThrow('lease');
    expect(having('Clones')).toEqual([]);
  });

  test('a clone that runs on is not counted yet', async () => {
    await advance('running');
    expect(having('Clones')).toEqual([]);
  });
});
