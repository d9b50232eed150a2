import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type SyncOrder, syncDefinition } from '../../core/model/sync.ts';
import { beginRun, type SyncRun } from '../../core/sync/index.ts';
import { composeQueueWorker, composeService, composeWorker } from '../../lambdas/compose.ts';
import { startDynamodb } from '../../local/standins/dynamodb.ts';
import { definition } from '../core/sync/world.ts';

describe('the composed workers', () => {
  let database: Awaited<ReturnType<typeof startDynamodb>>;
  let environment: Record<string, string>;
  const before = { ...process.env };
  beforeAll(async () => {
    database = await startDynamodb({ tableName: 'flowferry' });
    environment = {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
      FLOWFERRY_TABLE: 'flowferry',
      FLOWFERRY_WORKER_FUNCTION: 'worker',
      FLOWFERRY_WORKER_QUEUE_URL: 'https://sqs.invalid/queue',
    };
    // The SDK reads its own from the process.
    Object.assign(process.env, environment);
  });
  afterAll(async () => {
    process.env = before;
    await database.close();
  });

  test('know when a newer run of a sync has taken a target', async () => {
    const { syncs, clock } = composeService(environment);
    const { sync } = await syncs.put(
      { name: 'nightly', definition: syncDefinition.parse(definition()) },
      new Date(0).toISOString(),
    );
    const runs: SyncRun[] = [];
    for (let time = 1_000; time < 1_005; time += 1) {
      const origin = { trigger: 'request' as const, time, salt: 'one' };
      runs.push(
        await beginRun({ syncs, clock }, sync, { mode: time === 1_001 ? 'apply' : 'report' }, origin),
      );
    }
    const orderOf = (run: SyncRun | undefined): SyncOrder => ({
      sync: 'nightly',
      runId: run?.runId ?? '',
      sourceKey: '',
      mode: 'apply',
      onConflict: 'keep-target',
      prune: 'keep',
      maxPruneShare: 1,
    });

    for (const { objection } of [composeWorker(environment), composeQueueWorker(environment)]) {
      const answers = runs.slice(0, 2).map((run) => objection?.(orderOf(run), 'acme'));

      expect(await Promise.all(answers)).toEqual([
        { code: 'superseded', message: expect.stringContaining(runs[1]?.runId ?? 'none') },
        undefined,
      ]);
    }
  });
});
