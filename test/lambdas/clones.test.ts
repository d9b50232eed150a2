import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CLOSURE_PART } from '../../core/clone/prepare.ts';
import type { SyncOrder } from '../../core/model/sync.ts';
import type { CloneRecord } from '../../core/ports.ts';
import { type Answer, cloneBody, FLOW_ID, OTHER_FLOW_ID, type Service, startService } from './support.ts';

const ORDER: SyncOrder = {
  sync: 'nightly',
  runId: 'run-000000001-00000001',
  sourceKey: 'us:5f0000000000000000000001',
  mode: 'apply',
  onConflict: 'keep-target',
  prune: 'keep',
  maxPruneShare: 0.2,
};

describe('clones that exist', () => {
  let service: Service;
  beforeEach(async () => {
    service = await startService({ syncWaitMs: 2_000 });
  });
  afterEach(() => service.close());

  const post = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
    service.call(path, { method: 'POST', headers });
  const failedClone = async (ends: 'failed' | 'partial' = 'partial'): Promise<string> => {
    service.fate = { ends, errors: [{ code: 'upstream_failed', message: '503 for a minute' }] };
    const answer = await service.clone(cloneBody());
    return String(answer.body.clone?.cloneId);
  };
  const runningClone = async (): Promise<string> => {
    service.fate = { runsOn: true };
    const answer = await service.clone(cloneBody(), { prefer: 'respond-async' });
    return String(answer.body.cloneId);
  };
  const succeededClone = async (): Promise<string> => {
    service.fate = { ends: 'succeeded' };
    return String((await service.clone(cloneBody())).body.cloneId);
  };
  /** Makes a clone one that has written copies of these objects, and ended then. */
  const hasWritten = async (cloneId: string, sourceIds: string[], endedAt: string): Promise<void> => {
    const { clones } = service.ports;
    const record = await clones.get(cloneId);
    if (!record) throw new Error('the clone is gone');
    const notes = { ...record.notes, pair: { source: 'us:blueprint', target: 'us:acme' } };
    await clones.save({ ...record, endedAt, notes });
    await clones.putPart(cloneId, CLOSURE_PART, sourceIds);
  };
  /** Two clones, of which the later one has written one of the objects of the earlier one as well. */
  const overtakenClone = async (ends: 'partial' | 'waiting'): Promise<{ cloneId: string; later: string }> => {
    service.fate = { ends, errors: [] };
    const cloneId = String((await service.clone(cloneBody(), { prefer: 'respond-async' })).body.cloneId);
    await service.idle();
    const later = await succeededClone();
    await hasWritten(cloneId, [FLOW_ID, OTHER_FLOW_ID], '2026-01-01T00:00:00.000Z');
    await hasWritten(later, [OTHER_FLOW_ID], '2026-01-01T00:00:01.000Z');
    return { cloneId, later };
  };

  describe('are seen', () => {
    test('by id, with their state', async () => {
      const cloneId = await succeededClone();

      const answer = await service.call(`/clones/${cloneId}`);

      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ cloneId, status: 'succeeded', actions: [] });
    });

    test.each(['/clones/unknown', '/clones/__proto__', '/clones/a%2Fb', `/clones/${'x'.repeat(500)}`])(
      'not under a name that no clone has: %s',
      async (path) => {
        const answer = await service.call(path);

        expect(answer.status).toBe(404);
        expect(answer.body.code).toBe('clone_not_found');
      },
    );

    test('by no key that may not use both of their accounts, whatever it asks', async () => {
      const cloneId = await failedClone();
      const foreign = { 'x-api-key': 'key-of-acme' };

      const answers = await Promise.all([
        service.call(`/clones/${cloneId}`, { headers: foreign }),
        service.call(`/clones/${cloneId}/actions`, { headers: foreign }),
        post(`/clones/${cloneId}/resume`, foreign),
        post(`/clones/${cloneId}/cancel`, foreign),
        post(`/clones/${cloneId}/rollback`, foreign),
      ]);

      expect(answers.map(({ body }) => body.code)).toEqual(
        Array.from({ length: 5 }, () => 'clone_not_found'),
      );
      expect(service.started).toEqual([`${cloneId}-1`]);
    });

    test('with their actions in pages', async () => {
      const cloneId = await succeededClone();

      const whole = await service.call(`/clones/${cloneId}/actions`);
      const page = await service.call(`/clones/${cloneId}/actions?limit=3&cursor=after-3`);

      expect(whole.body).toEqual({ actions: [], next: 'after-1000' });
      expect(page.body).toEqual({ actions: [], next: null });
    });

    test.each(['limit=0', 'limit=1001', 'limit=-1', 'limit=1.5', 'limit=ten', 'limit=', 'cursor='])(
      'in no page that is asked for wrongly: %s',
      async (query) => {
        const cloneId = await succeededClone();

        const answer = await service.call(`/clones/${cloneId}/actions?${query}`);

        expect(answer.status).toBe(422);
        expect(answer.body.errors).toMatchObject([{ path: `/query/${query.split('=')[0]}` }]);
      },
    );

    test('in a list by target, newest first, without actions, page by page', async () => {
      const first = await succeededClone();
      await service.ports.clock.sleep(3);
      const second = await succeededClone();

      const one = await service.call('/clones?target=acme&limit=1');
      const two = await service.call(
        `/clones?target=acme&limit=1&cursor=${encodeURIComponent(String(one.body.next))}`,
      );

      expect(one.body.clones?.map(({ cloneId }) => cloneId)).toEqual([second]);
      expect(two.body.clones?.map(({ cloneId }) => cloneId)).toEqual([first]);
      expect(one.body.clones?.[0]).not.toHaveProperty('actions');
    });

    test.each(['ACME', '__proto__', 'a'.repeat(3_000), '%00'])(
      'not by what is no name of an account, such as %s',
      async (target) => {
        const answer = await service.call(`/clones?target=${target}`);

        expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_request' } });
      },
    );

    test('in no list of an account that the key may not use, and in none without a target', async () => {
      const foreign = await service.call('/clones?target=blueprint', {
        headers: { 'x-api-key': 'key-of-acme' },
      });
      const without = await service.call('/clones');

      expect(foreign.body.code).toBe('account_forbidden');
      expect(without.body.errors).toMatchObject([{ code: 'invalid_request', path: '/query/target' }]);
    });

    test('in a list only where the key may use the source, too', async () => {
      await succeededClone();

      const answer = await service.call('/clones?target=acme', { headers: { 'x-api-key': 'key-of-acme' } });

      expect(answer.body.clones).toEqual([]);
    });
  });

  describe('go on', () => {
    test.each(['failed', 'partial'] as const)('as a new attempt after they ended %s', async (ends) => {
      const cloneId = await failedClone(ends);
      service.fate = { runsOn: true };

      const answer = await post(`/clones/${cloneId}/resume`);

      expect(answer.status).toBe(202);
      expect(answer.headers.get('location')).toBe(`/clones/${cloneId}`);
      expect(answer.body).toMatchObject({ cloneId, status: 'running', errors: [] });
      expect(service.started).toEqual([`${cloneId}-1`, `${cloneId}-2`]);
    });

    test('without the cause and the wish of the attempt before', async () => {
      service.fate = { ends: 'partial', cause: 'account_unauthorized', errors: [] };
      const cloneId = String((await service.clone(cloneBody())).body.clone?.cloneId);
      await service.ports.clones.wish(cloneId, 'cancel');
      service.fate = { runsOn: true };

      await post(`/clones/${cloneId}/resume`);
      const record = await service.ports.clones.get(cloneId);

      expect(record?.notes).toEqual({});
      expect(record?.wish).toBeUndefined();
    });

    test('when their worker has been silent for too long', async () => {
      await service.close();
      service = await startService({ stallAfterMs: -1 });
      const cloneId = await runningClone();

      const answer = await post(`/clones/${cloneId}/resume`);

      expect(answer.status).toBe(202);
      expect(service.started).toContain(`${cloneId}-2`);
    });

    test.each(['resume', 'rollback'])(
      'not where they are a run’s and had no plan when it ended: %s',
      async (wish) => {
        const cloneId = await failedClone('failed');
        const record = await service.ports.clones.get(cloneId);
        await service.ports.clones.save({ ...(record as CloneRecord), order: ORDER });
        const before = await service.ports.clones.get(cloneId);

        const answer = await post(`/clones/${cloneId}/${wish}`);

        const code = wish === 'resume' ? 'clone_not_resumable' : 'clone_not_undoable';
        expect([answer.status, answer.body.code]).toEqual([409, code]);
        expect(before?.state.errors).not.toEqual([]);
        expect(await service.ports.clones.get(cloneId)).toEqual(before);
        expect(service.started).toEqual([`${cloneId}-1`]);
      },
    );

    test('where they are a run’s and have their plan', async () => {
      const cloneId = await failedClone('failed');
      const record = (await service.ports.clones.get(cloneId)) as CloneRecord;
      await service.ports.clones.save({
        ...record,
        order: ORDER,
        notes: { pair: { source: 's', target: 't' } },
      });
      service.fate = { runsOn: true };

      expect((await post(`/clones/${cloneId}/resume`)).status).toBe(202);
    });

    test('not while they run, nor after they succeeded', async () => {
      const running = await post(`/clones/${await runningClone()}/resume`);
      const succeeded = await post(`/clones/${await succeededClone()}/resume`);

      expect([running.status, succeeded.status]).toEqual([409, 409]);
      expect([running.body.code, succeeded.body.code]).toEqual([
        'clone_not_resumable',
        'clone_not_resumable',
      ]);
    });

    test('not once another clone has written the same objects', async () => {
      const { cloneId, later } = await overtakenClone('partial');

      const answer = await post(`/clones/${cloneId}/resume`);

      expect(answer).toMatchObject({ status: 409, body: { code: 'clone_not_resumable' } });
      expect(answer.body.detail).toContain(later);
      expect((await service.ports.clones.get(cloneId))?.status).toBe('partial');
    });

    test('whatever others have written since, when all they wait for is the customer', async () => {
      const { cloneId } = await overtakenClone('waiting');

      expect((await post(`/clones/${cloneId}/resume`)).status).toBe(202);
    });
  });

  describe('are stopped', () => {
    test('by a wish that their worker finds', async () => {
      const cloneId = await runningClone();

      const answer = await post(`/clones/${cloneId}/cancel`);
      const record = await service.ports.clones.get(cloneId);

      expect(answer.status).toBe(202);
      expect(record?.wish).toBe('cancel');
      expect(service.started).toEqual([`${cloneId}-1`]);
    });

    test('by a worker of their own when they wait for the customer', async () => {
      service.fate = { ends: 'waiting' };
      const cloneId = String((await service.clone(cloneBody())).body.cloneId);

      await post(`/clones/${cloneId}/cancel`);

      expect(service.started).toEqual([`${cloneId}-1`, `${cloneId}-2`]);
    });

    test('no more once they have ended', async () => {
      const cloneId = await succeededClone();

      const answer = await post(`/clones/${cloneId}/cancel`);
      const record = await service.ports.clones.get(cloneId);

      expect(answer).toMatchObject({ status: 202, body: { status: 'succeeded' } });
      expect(record?.wish).toBeUndefined();
    });
  });

  describe('are undone', () => {
    test('as a new attempt that finds the wish', async () => {
      const cloneId = await succeededClone();

      const answer = await post(`/clones/${cloneId}/rollback`);
      await service.idle();
      const after = await service.call(`/clones/${cloneId}`);

      expect(answer.status).toBe(202);
      expect(after.body.status).toBe('rolled-back');
    });

    test('not when they were refused before they wrote anything', async () => {
      service.fate = { refused: 'plan_blocked', errors: [] };
      const accepted = await service.clone(cloneBody(), { prefer: 'respond-async' });
      await service.idle();

      const answer = await post(`/clones/${accepted.body.cloneId}/rollback`);

      expect(answer.status).toBe(409);
      expect(answer.body.code).toBe('clone_not_undoable');
    });

    test('not once another clone has written the same objects', async () => {
      const { cloneId, later } = await overtakenClone('partial');

      const answer = await post(`/clones/${cloneId}/rollback`);

      expect(answer).toMatchObject({ status: 409, body: { code: 'clone_not_undoable' } });
      expect(answer.body.detail).toContain(later);
    });

    test('not while they run, and not twice', async () => {
      const running = await post(`/clones/${await runningClone()}/rollback`);
      const cloneId = await succeededClone();
      await post(`/clones/${cloneId}/rollback`);
      await service.idle();
      const twice = await post(`/clones/${cloneId}/rollback`);

      expect([running.body.code, twice.body.code]).toEqual(['clone_not_undoable', 'clone_not_undoable']);
      expect([running.status, twice.status]).toEqual([409, 409]);
    });
  });
});
