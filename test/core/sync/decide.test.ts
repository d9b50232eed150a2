import { describe, expect, test } from '@jest/globals';
import { syncDefinition } from '../../../core/model/sync.ts';
import { childIdOf, decide, isRunId, runIdOf, type SyncRun, statusOf } from '../../../core/sync/index.ts';

type Short = 'waiting' | 'running' | 'good' | 'failed' | 'skipped';

/** A run whose targets, `t0` and on, stand like this. */
function run(
  states: readonly Short[],
  policy: { canary?: number; concurrency?: number; stopAtFailureShare?: number } = {},
  canceled = false,
): SyncRun {
  const accounts = states.map((_, index) => ({ account: `t${index}` }));
  return {
    runId: runIdOf(0, 'x'),
    sync: 'nightly',
    mode: 'apply',
    trigger: 'request',
    definition: syncDefinition.parse({
      source: { account: 'blueprint', flowIds: ['5f00f0000000000000000001'] },
      targets: accounts,
      ...policy,
    }),
    targets: states.map((state, index) => {
      if (state === 'waiting' || state === 'running') return { account: `t${index}`, state };
      return { account: `t${index}`, state: 'ended', status: state === 'good' ? 'in-step' : state };
    }),
    status: 'running',
    attempt: 1,
    canceled,
    createdAt: '',
    heartbeatAt: '',
  };
}

function decided(given: SyncRun, newer: readonly SyncRun[] = []) {
  const { start, skip, finished } = decide(given, newer);
  return {
    start: start.map(({ account }) => account),
    skip: skip.map(({ target, code }) => `${target.account} ${code}`),
    finished,
  };
}

describe('what a run does next', () => {
  test.each<[string, SyncRun, ReturnType<typeof decided>]>([
    [
      'begins as many as may run at once',
      run(['waiting', 'waiting', 'waiting'], { concurrency: 2 }),
      { start: ['t0', 't1'], skip: [], finished: false },
    ],
    [
      'begins the next as one ends',
      run(['good', 'running', 'waiting'], { concurrency: 2 }),
      { start: ['t2'], skip: [], finished: false },
    ],
    [
      'begins nobody while all places are taken',
      run(['running', 'running', 'waiting'], { concurrency: 2 }),
      { start: [], skip: [], finished: false },
    ],
    [
      'begins the canaries alone',
      run(['waiting', 'waiting', 'waiting'], { canary: 2 }),
      { start: ['t0', 't1'], skip: [], finished: false },
    ],
    [
      'waits for the last canary',
      run(['good', 'running', 'waiting'], { canary: 2 }),
      { start: [], skip: [], finished: false },
    ],
    [
      'passes paused targets by when it counts canaries',
      run(['skipped', 'waiting', 'waiting'], { canary: 1 }),
      { start: ['t1'], skip: [], finished: false },
    ],
    [
      'stops after a canary that failed',
      run(['failed', 'waiting', 'waiting'], { canary: 1, stopAtFailureShare: 1 }),
      { start: [], skip: ['t1 canary_failed', 't2 canary_failed'], finished: true },
    ],
    [
      'goes on at exactly the share of failures',
      run(['failed', 'good', 'good', 'good', 'waiting'], { stopAtFailureShare: 0.2 }),
      { start: ['t4'], skip: [], finished: false },
    ],
    [
      'stops beyond it, and waits for who runs',
      run(['failed', 'failed', 'running', 'good', 'waiting'], { stopAtFailureShare: 0.2 }),
      { start: [], skip: ['t4 too_many_failures'], finished: false },
    ],
    [
      'stops at the first failure where none is allowed',
      run(['failed', 'waiting'], { stopAtFailureShare: 0 }),
      { start: [], skip: ['t1 too_many_failures'], finished: true },
    ],
    [
      'stops when it is canceled',
      run(['good', 'running', 'waiting'], {}, true),
      { start: [], skip: ['t2 canceled'], finished: false },
    ],
    ['is finished when all have ended', run(['good', 'failed']), { start: [], skip: [], finished: true }],
  ])('%s', (_, given, expected) => {
    expect(decided(given)).toEqual(expected);
  });
});

describe('what a newer run takes from an older one', () => {
  const begun = (state: Short): SyncRun => {
    const given = run([state]);
    return { ...given, targets: given.targets.map((target) => ({ ...target, cloneId: 'clone' })) };
  };
  test.each<[string, SyncRun, boolean]>([
    ['a target that waits for its turn', run(['waiting']), true],
    ['one that it has begun', begun('running'), true],
    ['one that it brought in step', begun('good'), true],
    ['one that it tried to', begun('failed'), true],
    ['one that it had begun when it was canceled', { ...begun('running'), canceled: true }, true],
    ['none whose turn it was canceled before', run(['waiting'], {}, true), false],
    ['none that it passed by', run(['skipped']), false],
    ['none that its clone was told to pass by', begun('skipped'), false],
    ['none that failed before its turn', run(['failed']), false],
    ['none that it does not have', { ...run(['waiting']), targets: [] }, false],
    ['none while it only reports', { ...run(['waiting']), mode: 'report' }, false],
  ])('%s', (_, newer, isTaken) => {
    const { start, skip } = decided(run(['waiting']), [newer]);

    expect({ start, skip }).toEqual(
      isTaken ? { start: [], skip: ['t0 superseded'] } : { start: ['t0'], skip: [] },
    );
  });

  test('leaves its place to the next', () => {
    const given = run(['waiting', 'waiting', 'waiting'], { concurrency: 1 });

    expect(decided(given, [run(['waiting'])])).toEqual({
      start: ['t1'],
      skip: ['t0 superseded'],
      finished: false,
    });
  });

  test('leaves who waits for the canaries to wait', () => {
    const given = run(['waiting', 'waiting', 'waiting'], { canary: 1 });

    expect(decided(given, [run(['skipped', 'waiting'])])).toEqual({
      start: ['t0'],
      skip: [],
      finished: false,
    });
  });

  test('counts as no failure', () => {
    const given = run(['skipped', 'skipped', 'good', 'waiting'], { stopAtFailureShare: 0 });

    expect(decided(given).start).toEqual(['t3']);
  });
});

describe('how a run ended', () => {
  test.each<[readonly Short[], string]>([
    [['good', 'good'], 'succeeded'],
    [['good', 'failed'], 'partial'],
    [['failed', 'skipped'], 'failed'],
    [['failed', 'failed'], 'failed'],
  ])('%j is %s', (states, expected) => {
    expect(statusOf(run(states))).toBe(expected);
  });

  test('targets that were skipped play no part', () => {
    expect(statusOf(run(['skipped', 'good']))).toBe('succeeded');
    expect(statusOf(run(['skipped']))).toBe('succeeded');
    expect(statusOf(run(['skipped', 'good', 'failed']))).toBe('partial');
  });

  test('whoever was canceled did not succeed', () => {
    expect(statusOf(run(['good', 'skipped'], {}, true))).toBe('partial');
    expect(statusOf(run(['skipped'], {}, true))).toBe('failed');
  });
});

describe('the names of runs and their clones', () => {
  test('later runs have greater ids, and each id is one of a run', () => {
    const ids = [0, 1, 1_800_000_000_000, 1_800_000_000_001].map((time) => runIdOf(time, 'nightly'));

    expect([...ids].sort()).toEqual(ids);
    expect(ids.every(isRunId)).toBe(true);
  });

  test('a clone of a run is no run, and its name leaves room for its executions', () => {
    const runId = runIdOf(1_800_000_000_000, 'nightly');
    const long = 'a'.repeat(63);

    const ids = [childIdOf(runId, 'acme'), childIdOf(runId, long), childIdOf(runId, `${long.slice(1)}b`)];

    expect(ids[0]).toBe(`${runId}-acme`);
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) {
      expect(id.length).toBeLessThanOrEqual(50);
      expect(isRunId(id)).toBe(false);
    }
  });
});
