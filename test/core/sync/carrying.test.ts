import { beforeEach, describe, expect, test } from '@jest/globals';
import { beginRun, carryRun, restartStaleRuns, type SyncPorts } from '../../../core/sync/index.ts';
import { definition, useWorld } from './world.ts';

const world = useWorld();
let ports: SyncPorts;
let runId: string;

beforeEach(async () => {
  ports = world.sync.ports;
  await world.sync.put(definition());
  const sync = await ports.syncs.get('nightly');
  if (!sync) throw new Error('there is no sync');
  const origin = { trigger: 'request' as const, time: 1_000, salt: 'one' };
  ({ runId } = await beginRun(ports, sync, { mode: 'apply' }, origin));
});

const status = async () => (await ports.syncs.getRun('nightly', runId))?.status;

describe('a worker that was handed a run', () => {
  test('leaves it alone when a newer attempt has it, or it is over', async () => {
    const runs = carryRun(ports);

    expect(await runs.advance({ runId, attempt: 2 }, 1_000)).toEqual({ next: 'stop', status: 'superseded' });
    expect(await runs.advance({ runId: 'run-000000000-00000000', attempt: 1 }, 1_000)).toMatchObject({
      next: 'stop',
    });
    expect(await status()).toBe('running');
  });

  test('hands it over to the next attempt, and to that one alone', async () => {
    const runs = carryRun(ports);

    const first = await runs.handOver({ runId, attempt: 1 });
    const again = await runs.handOver({ runId, attempt: 1 });
    await ports.syncs.changeRun('nightly', runId, (run) => ({ ...run, attempt: 3 }));
    const late = await runs.handOver({ runId, attempt: 1 });

    expect([first, again, late]).toEqual([2, 2, undefined]);
  });

  test('ends it as failed when nobody can carry it on', async () => {
    await carryRun(ports).giveUp({ runId, attempt: 1 });

    expect(await status()).toBe('failed');
    expect(await ports.syncs.listUnfinished()).toEqual([]);
    expect(world.sync.events.map(({ type }) => type)).toEqual(['Sync Completed']);
  });
});

describe('a run whose coordinator is silent', () => {
  const sweep = async (stallAfterMs: number): Promise<string[]> => {
    const started: string[] = [];
    const worker = { start: async (id: string, attempt: number) => void started.push(`${id}-${attempt}`) };
    await restartStaleRuns({ ...ports, worker }, stallAfterMs);
    return started;
  };

  test('gets another once it has been silent for too long', async () => {
    await ports.syncs.changeRun('nightly', runId, (run) => ({
      ...run,
      heartbeatAt: '2020-01-01T00:00:00.000Z',
    }));

    const first = await sweep(60_000);
    const second = await sweep(60_000);

    expect([first, second]).toEqual([[`${runId}-2`], []]);
  });

  test('is left alone while it speaks, and once it has ended', async () => {
    expect(await sweep(60_000)).toEqual([]);
    await world.sync.goOn(runId);
    expect(await sweep(-1)).toEqual([]);
  });
});

describe('a sync that is deleted while it runs', () => {
  test('lets its run end, and stays deleted', async () => {
    await ports.syncs.remove('nightly');

    const { run } = await world.sync.goOn(runId);

    expect(run.status).toBe('succeeded');
    expect(await ports.syncs.get('nightly')).toBeUndefined();
  });
});
