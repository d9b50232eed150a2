import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Advance } from '../../../core/clone/contract.ts';
import { FlowferryError } from '../../../core/model/problem.ts';
import type { CloneRecord } from '../../../core/ports.ts';
import { createMetrics } from '../../../lambdas/metrics/emf.ts';
import { workerHandler } from '../../../lambdas/worker/handler.ts';
import type { WorkerPorts, WorkerResult } from '../../../lambdas/worker/loop.ts';
import { type Line, parseLine } from '../metrics/support.ts';
import { newRecord, silentPorts } from './support.ts';

const CLONE = { cloneId: 'clone-1', attempt: 1 };

describe('the worker', () => {
  let ports: WorkerPorts;
  let advances: number;
  let script: (index: number) => Advance | Error;
  let started: string[];

  // The runner skips the waits; nothing here looks at the time.
  beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }));
  afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

  beforeEach(async () => {
    advances = 0;
    started = [];
    ports = {
      ...silentPorts(),
      engine: {
        advance: async () => {
          const result = script(advances);
          advances += 1;
          if (result instanceof Error) throw result;
          return result;
        },
      },
      worker: { start: async (cloneId, attempt) => void started.push(`${cloneId}-${attempt}`) },
      stepMs: 0,
      maxOperations: 100,
    };
    await ports.clones.create(newRecord(CLONE.cloneId));
  });

  const run = () =>
    new LocalDurableTestRunner<WorkerResult>({ handlerFunction: workerHandler(ports) }).run({
      payload: CLONE,
    });
  const stored = async (): Promise<CloneRecord | undefined> => ports.clones.get(CLONE.cloneId);

  test('goes on until the clone has ended, each step once, however often it was suspended', async () => {
    const seen: Advance[] = [
      { next: 'again' },
      { next: 'later', seconds: 30 },
      { next: 'again' },
      { next: 'later', seconds: 0.2 },
      { next: 'stop', status: 'succeeded' },
    ];
    script = (index) => seen[index] ?? new Error('one step too many');

    const execution = await run();

    expect(execution.getResult()).toEqual({ ...CLONE, end: 'succeeded' });
    expect(advances).toBe(5);
    expect(execution.getOperations().map((operation) => operation.getName())).toEqual([
      'advance-0',
      'advance-1',
      'pause-1',
      'advance-2',
      'advance-3',
      'pause-3',
      'advance-4',
    ]);
  });

  test('pauses where too little of the invocation is left, and finds the same pause at the replay', async () => {
    ports.stepMs = Number.MAX_SAFE_INTEGER;
    script = (index) => (index < 2 ? { next: 'again' } : { next: 'stop', status: 'succeeded' });

    const execution = await run();

    expect(execution.getResult()).toMatchObject({ end: 'succeeded' });
    expect(advances).toBe(3);
    expect(execution.getOperations().map((operation) => operation.getName())).toContain('pause-0');
  });

  test('tries a step again that failed', async () => {
    script = (index) => (index < 3 ? new Error('DynamoDB is away') : { next: 'stop', status: 'succeeded' });

    const execution = await run();

    expect(execution.getResult()).toMatchObject({ end: 'succeeded' });
    expect(advances).toBe(4);
  });

  test('marks the clone failed when a step fails for good, and fails itself', async () => {
    script = () => new Error('the token is planted');

    const execution = await run();
    const record = await stored();

    expect(execution.getStatus()).toBe('FAILED');
    expect(advances).toBe(6);
    expect(record).toMatchObject({
      status: 'failed',
      state: { status: 'failed', errors: [{ code: 'internal_error' }] },
    });
    expect(JSON.stringify(record)).not.toContain('planted');
  });

  test('says of a clone that it marks failed whose request it was', async () => {
    const errors: object[] = [];
    ports.log = { ...ports.log, error: (message, fields) => void errors.push({ message, ...fields }) };
    await ports.clones.save({ ...newRecord(CLONE.cloneId), notes: { requestId: 'order-4711' } });
    script = () => new Error('DynamoDB is away');

    await run();

    expect(errors).toEqual([{ message: 'clone stopped', requestId: 'order-4711', ...CLONE }]);
  });

  test('counts a clone that it marks failed, once, also where the mark itself is tried again', async () => {
    // Prepare
    const lines: Line[] = [];
    const { clones, clock } = ports;
    const plan = {
      fingerprint: 'f',
      counts: { create: 1, update: 0, reuse: 0, unchanged: 0 },
      cost: { source: { calls: 1 }, target: { calls: 1 }, seconds: 1 },
    };
    const record = newRecord(CLONE.cloneId);
    await clones.save({ ...record, state: { ...record.state, plan } });
    await clones.putPart(CLONE.cloneId, 'plan', { plan: { actions: [{ action: 'create', type: 'flow' }] } });
    let isAway = true;
    ports.clones = {
      ...clones,
      save: async (saved) => {
        const wasAway = isAway;
        isAway = false;
        if (wasAway) throw new Error('DynamoDB is away');
        await clones.save(saved);
      },
    };
    ports.metrics = createMetrics({ clock, write: (line) => lines.push(parseLine(line)) });
    script = () => new Error('DynamoDB is away');

    // Act
    await run();

    // Assess
    expect(lines.filter((line) => 'Clones' in line)).toMatchObject([
      { Status: 'failed', Clones: 1, ClonesFailed: 1, cloneId: CLONE.cloneId },
    ]);
    expect(lines.filter((line) => 'Actions' in line)).toMatchObject([
      { Type: 'flow', Kind: 'create', Actions: 1 },
    ]);
  });

  test('does not look again for a clone that is gone', async () => {
    script = () => new FlowferryError('clone_not_found', 'There is no such clone.');

    const execution = await run();

    expect(execution.getStatus()).toBe('FAILED');
    expect(advances).toBe(1);
  });

  test('leaves a clone to the newer attempt that has it', async () => {
    await ports.clones.save({ ...newRecord(CLONE.cloneId), attempt: 2 });

    const execution = await run();

    expect(execution.getResult()).toMatchObject({ end: 'superseded' });
    expect(advances).toBe(0);
  });

  test('ends quietly where the clone was taken back', async () => {
    await ports.clones.remove(CLONE.cloneId);

    const execution = await run();

    expect(execution.getResult()).toMatchObject({ end: 'removed' });
  });

  test('hands over to a fresh execution before its journal is full', async () => {
    ports.maxOperations = 10;
    script = () => ({ next: 'later', seconds: 1 });

    const execution = await run();

    expect(execution.getResult()).toEqual({ ...CLONE, end: 'handed-over' });
    expect(execution.getOperations().length).toBeLessThanOrEqual(11);
    expect(started).toEqual(['clone-1-2']);
    expect((await stored())?.attempt).toBe(2);
  });

  test('tells others that the clone came to rest, as long as there is something to tell', async () => {
    const told: number[] = [];
    const pauses = [5, 30, 0];
    ports.announcer = {
      announce: async () => {
        told.push(advances);
        return { pauseSeconds: pauses[told.length - 1] ?? 0 };
      },
    };
    script = () => ({ next: 'stop', status: 'succeeded' });

    const execution = await run();

    expect(execution.getResult()).toMatchObject({ end: 'succeeded' });
    expect(told).toEqual([1, 1, 1]);
    expect(execution.getOperations().map((operation) => operation.getName())).toEqual([
      'advance-0',
      'announce-0',
      'announce-pause-0',
      'announce-1',
      'announce-pause-1',
      'announce-2',
    ]);
  });

  test('leaves the clone as it is when nobody can be told', async () => {
    await ports.clones.save({ ...newRecord(CLONE.cloneId), status: 'succeeded' });
    ports.announcer = { announce: () => Promise.reject(new Error('the bus is away')) };
    script = () => ({ next: 'stop', status: 'succeeded' });

    const execution = await run();

    expect(execution.getStatus()).toBe('FAILED');
    expect((await stored())?.status).toBe('succeeded');
  });

  test('refuses an event that is none of its own', async () => {
    const runner = new LocalDurableTestRunner({ handlerFunction: workerHandler(ports) });

    const execution = await runner.run({ payload: { cloneId: 'clone-1', attempt: 1, request: {} } });

    expect(execution.getStatus()).toBe('FAILED');
    expect(advances).toBe(0);
  });
});
