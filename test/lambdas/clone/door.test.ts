import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FlowferryError } from '../../../core/model/problem.ts';
import { cloneState, problemDocument } from '../../../lambdas/http/schemas.ts';
import { cloneBody, FLOW_ID, OTHER_FLOW_ID, type Service, startService } from '../support.ts';

const BLOCKERS = [
  { code: 'flow_not_found', message: 'There is no such flow.', type: 'flow', sourceId: FLOW_ID },
  {
    code: 'connection_unmapped',
    message: 'Nothing stands for it.',
    type: 'connection',
    sourceId: OTHER_FLOW_ID,
  },
] as const;

describe('POST /clone', () => {
  let service: Service;
  beforeEach(async () => {
    service = await startService();
  });
  afterEach(() => service.close());

  describe('as a dry run', () => {
    test('answers 200 with the plan, and stores and starts nothing', async () => {
      const answer = await service.clone(cloneBody({ dryRun: true }), { 'idempotency-key': 'k' });
      const listed = await service.call('/clones?target=acme');

      expect(answer.status).toBe(200);
      expect(answer.body.status).toBe('planned');
      expect(answer.body.cloneId).toBeUndefined();
      expect(listed.body.clones).toEqual([]);
      expect(service.started).toEqual([]);
    });

    test('leaves the idempotency key to the real request', async () => {
      await service.clone(cloneBody({ dryRun: true }), { 'idempotency-key': 'k' });
      const real = await service.clone(cloneBody(), { 'idempotency-key': 'k' });

      expect(real.status).toBe(201);
    });

    test.each([
      ['plan_blocked', 422],
      ['plan_changed', 409],
      ['account_changed', 409],
      ['account_unauthorized', 424],
      ['upstream_failed', 502],
      ['answer_lost', 502],
      ['document_too_deep', 502],
    ])('answers %s with %i', async (code, status) => {
      service.dryRunError = new FlowferryError(code, 'It did not work out.');

      const answer = await service.clone(cloneBody({ dryRun: true }));

      expect(answer.status).toBe(status);
      expect(answer.body.detail).toBe('It did not work out.');
    });

    test('lists every blocker with the resource it is about', async () => {
      service.dryRunError = new FlowferryError('plan_blocked', 'Two things stand in the way.', {
        problems: BLOCKERS,
      });

      const answer = await service.clone(cloneBody({ dryRun: true }));

      expect(answer.body.code).toBe('plan_blocked');
      expect(answer.body.errors.map(({ code }) => code)).toEqual(['flow_not_found', 'connection_unmapped']);
      expect(answer.body.errors[0]).toMatchObject({ resource: 'flow', sourceId: FLOW_ID });
    });

    test('tells nothing of an error that nobody foresaw, but logs where it came from', async () => {
      service.dryRunError = new Error('the password is hunter2');

      const answer = await service.clone(cloneBody({ dryRun: true }));

      expect(answer.status).toBe(500);
      expect(answer.body.errors).toMatchObject([{ code: 'internal_error' }]);
      expect(JSON.stringify([answer.body, service.lines])).not.toContain('hunter2');
      expect(service.lines).toContainEqual(
        expect.objectContaining({ message: 'request failed unexpectedly' }),
      );
    });
  });

  describe('waits for the end', () => {
    test('and answers 201 with the finished clone and its place', async () => {
      const answer = await service.clone(cloneBody());

      expect(answer.status).toBe(201);
      expect(answer.body.status).toBe('succeeded');
      expect(answer.headers.get('location')).toBe(`/clones/${answer.body.cloneId}`);
      expect(answer.headers.get('idempotency-replayed')).toBeNull();
      expect(cloneState.safeParse(answer.body).success).toBe(true);
    });

    test('and answers 202 when it takes longer than the wait', async () => {
      await service.close();
      service = await startService({ syncWaitMs: 40 });
      service.fate = { runsOn: true };

      const answer = await service.clone(cloneBody());
      const polled = await service.call(String(answer.headers.get('location')));

      expect(answer.status).toBe(202);
      expect(polled.body.status).toBe('running');
    });

    test('and answers 202 at once where the caller prefers that', async () => {
      service.fate = { runsOn: true };

      const answer = await service.clone(cloneBody(), { prefer: 'wait=1, respond-async' });

      expect(answer.status).toBe(202);
      expect(answer.headers.get('location')).toBe(`/clones/${answer.body.cloneId}`);
    });

    test('and answers 202 when the customer has to authorise connections first', async () => {
      service.fate = { ends: 'waiting' };

      const answer = await service.clone(cloneBody());

      expect(answer.status).toBe(202);
      expect(answer.body.status).toBe('waiting');
    });

    test.each([
      ['failed', undefined, 502, 'upstream_failed'],
      ['partial', undefined, 502, 'upstream_failed'],
      ['rolled-back', 'account_unauthorized', 424, 'account_unauthorized'],
      ['rolled-back', 'plan_blocked', 422, 'plan_blocked'],
    ] as const)(
      'and tells a clone that ended %s by %s as %i with its state',
      async (ends, cause, status, code) => {
        const errors = [{ code: 'refused', message: 'integrator.io refused the import.' }];
        service.fate = { ends, errors, ...(cause === undefined ? {} : { cause }) };

        const answer = await service.clone(cloneBody());

        expect(answer.status).toBe(status);
        expect(answer.body.code).toBe(code);
        expect(answer.body.clone).toMatchObject({ status: ends, errors });
        expect(answer.body.instance).toBe(`/clones/${answer.body.clone?.cloneId}`);
        expect(problemDocument.safeParse(answer.body).success).toBe(true);
      },
    );
  });

  describe('takes back a clone that was refused before it wrote anything', () => {
    test.each([
      ['plan_blocked', 422],
      ['clone_in_progress', 409],
      ['account_changed', 409],
      ['plan_changed', 409],
      ['account_unauthorized', 424],
      ['upstream_failed', 502],
    ])('as if it had never been: %s, %i', async (code, status) => {
      service.fate = { refused: code, errors: [...BLOCKERS] };

      const answer = await service.clone(cloneBody(), { 'idempotency-key': 'k' });
      const listed = await service.call('/clones?target=acme');

      expect(answer.status).toBe(status);
      expect(answer.body.code).toBe(code);
      expect(answer.body.clone).toBeUndefined();
      expect(listed.body.clones).toEqual([]);
    });

    test('and does not bind its key', async () => {
      service.fate = { refused: 'plan_blocked', errors: [...BLOCKERS] };
      await service.clone(cloneBody(), { 'idempotency-key': 'k' });
      service.fate = { ends: 'succeeded' };

      const again = await service.clone(cloneBody({ activate: true }), { 'idempotency-key': 'k' });

      expect(again.status).toBe(201);
      expect(again.headers.get('idempotency-replayed')).toBeNull();
    });

    test('and tells a changed plan with the one it is now', async () => {
      service.fate = { refused: 'plan_changed', errors: [] };

      const answer = await service.clone(cloneBody({ planFingerprint: 'the-plan-as-it-was' }));

      expect(answer.body).toMatchObject({ code: 'plan_changed', plan: { fingerprint: 'the-plan-as-it-is' } });
    });

    test('also for the calls that shared its key', async () => {
      service.fate = { refused: 'plan_blocked', errors: [...BLOCKERS] };

      const answers = await Promise.all(
        [1, 2, 3, 4].map(() => service.clone(cloneBody(), { 'idempotency-key': 'shared' })),
      );
      const listed = await service.call('/clones?target=acme');

      expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422]);
      expect(listed.body.clones).toEqual([]);
    });

    test('but keeps it once a caller was told of it', async () => {
      service.fate = { refused: 'plan_blocked', errors: [...BLOCKERS] };

      const accepted = await service.clone(cloneBody(), { prefer: 'respond-async', 'idempotency-key': 'k' });
      const replayed = await service.clone(cloneBody(), { 'idempotency-key': 'k' });
      const polled = await service.call(String(accepted.headers.get('location')));

      expect(accepted.status).toBe(202);
      expect(polled.body).toMatchObject({ status: 'failed', errors: BLOCKERS });
      expect(replayed.status).toBe(422);
      expect(replayed.headers.get('idempotency-replayed')).toBe('true');
      expect(replayed.body.clone?.cloneId).toBe(accepted.body.cloneId);
    });
  });

  describe('with an idempotency key', () => {
    test('makes one clone of eight calls at the same time', async () => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => service.clone(cloneBody(), { 'idempotency-key': 'together' })),
      );

      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 201));
      expect(new Set(answers.map(({ body }) => body.cloneId)).size).toBe(1);
      expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(7);
      expect(service.started).toHaveLength(1);
    });

    test('knows the same body in another order and spacing', async () => {
      const first = await service.clone(
        '{"source":{"account":"blueprint","flowIds":["5f0000000000000000000001"]},"target":{"account":"acme"}}',
        { 'idempotency-key': 'k' },
      );
      const second = await service.clone(
        '{ "target": {"account":"acme"}, "source": {"flowIds":["5f0000000000000000000001"],"account":"blueprint"} }',
        { 'idempotency-key': 'k' },
      );

      expect(second.body.cloneId).toBe(first.body.cloneId);
    });

    test('answers 409 to the same key with another body', async () => {
      await service.clone(cloneBody(), { 'idempotency-key': 'k' });

      const answer = await service.clone(cloneBody({ activate: true }), { 'idempotency-key': 'k' });

      expect(answer.status).toBe(409);
      expect(answer.body.code).toBe('idempotency_key_reused');
    });

    test('keeps the keys of one API key apart from those of another', async () => {
      const mine = await service.clone(cloneBody(), { 'idempotency-key': 'k' });
      const theirs = await service.clone(cloneBody({ activate: true }), {
        'idempotency-key': 'k',
        'x-api-key': 'key-of-other',
      });

      expect(theirs.status).toBe(201);
      expect(theirs.body.cloneId).not.toBe(mine.body.cloneId);
    });

    test('replays a clone that failed, its state with it', async () => {
      service.fate = {
        ends: 'rolled-back',
        errors: [{ code: 'upstream_failed', message: '503 for a minute' }],
      };
      const first = await service.clone(cloneBody(), { 'idempotency-key': 'k' });
      service.fate = { ends: 'succeeded' };

      const second = await service.clone(cloneBody(), { 'idempotency-key': 'k' });

      expect([first.status, second.status]).toEqual([502, 502]);
      expect(second.body.clone?.cloneId).toBe(first.body.clone?.cloneId);
      expect(second.headers.get('idempotency-replayed')).toBe('true');
    });

    test('stores and starts the clone that its first caller died before storing', async () => {
      const { idempotency } = service.ports;
      const first = await service.clone(cloneBody(), { 'idempotency-key': 'to learn the hash of the body' });
      const probe = { keyId: 'all', cloneId: 'unused', ttlSeconds: 60 };
      const { bodyHash } = await idempotency.bind({
        ...probe,
        key: 'to learn the hash of the body',
        bodyHash: '',
      });
      await idempotency.bind({ ...probe, key: 'orphan', bodyHash, cloneId: 'never-stored' });

      const answer = await service.clone(cloneBody(), { 'idempotency-key': 'orphan' });

      expect(first.status).toBe(201);
      expect(answer.status).toBe(201);
      expect(answer.body.cloneId).toBe('never-stored');
    });
  });

  test('writes one access line a request, without body, key or query', async () => {
    await service.clone(cloneBody(), { 'x-request-id': 'req-7' });

    const line = service.lines.find(({ message }) => message === 'request');
    expect(line).toMatchObject({ requestId: 'req-7', route: 'POST /clone', status: 201, keyId: 'all' });
    expect(JSON.stringify(service.lines)).not.toContain('key-of-all');
    expect(JSON.stringify(service.lines)).not.toContain(FLOW_ID);
  });
});
