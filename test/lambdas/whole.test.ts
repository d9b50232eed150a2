import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { JsonObject } from '../../core/model/resource.ts';
import { cloneState } from '../../lambdas/http/schemas.ts';
import { KEY, startWhole, type Whole } from './whole.ts';

// Whole clones, some of them retried and undone: slow where the machine is busy.
jest.setTimeout(120_000);

describe('the service as it is deployed', () => {
  let whole: Whole;
  let flowIds: string[];
  let connectionMap: Record<string, string>;
  beforeAll(async () => {
    whole = await startWhole();
    flowIds = whole.sandbox.documents('blueprint', 'flows').map(({ _id }) => String(_id));
    const targets = whole.sandbox.documents('acme', 'connections');
    connectionMap = Object.fromEntries(
      whole.sandbox.documents('blueprint', 'connections').map((connection) => {
        const same = targets.find(
          ({ type, name }) => type === connection['type'] && name === connection['name'],
        );
        return [
          String(connection._id),
          String((same ?? targets.find(({ type }) => type === connection['type']))?._id),
        ];
      }),
    );
  });
  afterAll(() => whole.close());

  /** Polls a clone until it has ended. */
  const ending = async (cloneId: string) => {
    for (;;) {
      const answer = await whole.call(`/clones/${cloneId}`);
      if (answer.body.status !== 'running') return answer;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const body = (more: JsonObject = {}): JsonObject => ({
    source: { account: 'blueprint', flowIds },
    target: { account: 'acme' },
    connectionMap,
    ...more,
  });

  test('lists accounts and flows to choose from', async () => {
    const accounts = await whole.call('/accounts');
    const flows = await whole.call('/accounts/blueprint/flows');

    expect(accounts.body.accounts?.map(({ account }) => account)).toEqual(['acme', 'blueprint', 'expired']);
    expect(flows.body.flows).toHaveLength(flowIds.length);
  });

  test('undoes a clone that integrator.io refused in the middle, and tells what was done and undone', async () => {
    const before = whole.sandbox.documents('acme', 'exports');
    whole.sandbox.faults.add({
      account: 'acme',
      method: 'POST',
      path: /flows$/,
      effect: 'status',
      status: 422,
    });

    const failed = await whole.clone(body(), { 'idempotency-key': 'fails' });
    const kept = await whole.clone(body({ onFailure: 'keep' }));
    whole.sandbox.faults.clear();
    const resumed = await whole.call(`/clones/${kept.body.clone?.cloneId}/resume`, { method: 'POST' });
    const ended = await ending(String(resumed.body.cloneId));
    const undone = await whole.call(`/clones/${ended.body.cloneId}/rollback`, { method: 'POST' });
    const last = await ending(String(undone.body.cloneId));
    const replayed = await whole.clone(body(), { 'idempotency-key': 'fails' });

    expect(failed.status).toBe(502);
    expect(failed.body).toMatchObject({ code: 'upstream_failed', clone: { status: 'rolled-back' } });
    expect(failed.body.clone?.actions?.map(({ status }) => status)).toContain('undone');
    expect(kept.body.clone?.status).toBe('partial');
    expect([resumed.status, ended.body.status]).toEqual([202, 'succeeded']);
    expect([undone.status, last.body.status]).toEqual([202, 'rolled-back']);
    expect(replayed.body.clone?.cloneId).toBe(failed.body.clone?.cloneId);
    expect(whole.sandbox.documents('acme', 'exports')).toEqual(before);
  });

  test('plans without writing, refuses with every blocker, clones, and finds nothing left to do', async () => {
    const before = whole.sandbox.documents('acme', 'flows').length;

    const plan = await whole.clone(body({ dryRun: true }));
    const blocked = await whole.clone(body({ connectionMap: {} }), { 'idempotency-key': 'once' });
    const changed = await whole.clone(body({ planFingerprint: 'another' }));
    const cloned = await whole.clone(body(), { 'idempotency-key': 'once' });
    const replayed = await whole.clone(body(), { 'idempotency-key': 'once' });
    const again = await whole.clone(body());

    expect(plan.status).toBe(200);
    expect(plan.body.status).toBe('planned');
    expect(blocked.status).toBe(422);
    expect(blocked.body.code).toBe('plan_blocked');
    expect(new Set(blocked.body.errors.map(({ code }) => code))).toEqual(new Set(['connection_unmapped']));
    expect(changed.status).toBe(409);
    expect(changed.body).toMatchObject({
      code: 'plan_changed',
      plan: { fingerprint: plan.body.plan?.fingerprint },
    });
    expect(cloned.status).toBe(201);
    expect(cloned.body.status).toBe('succeeded');
    expect(cloneState.safeParse(cloned.body).success).toBe(true);
    expect(replayed.body.cloneId).toBe(cloned.body.cloneId);
    expect(replayed.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body.plan?.counts).toMatchObject({ create: 0, update: 0 });
    expect(whole.sandbox.documents('acme', 'flows')).toHaveLength(before + flowIds.length);
  });

  test('makes one clone of eight calls with one key at the same time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => whole.clone(body(), { 'idempotency-key': 'together' })),
    );

    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201));
    expect(new Set(answers.map(({ body: { cloneId } }) => cloneId)).size).toBe(1);
  });

  test('tells a token that integrator.io refuses as 424, in a dry run, a clone and a list', async () => {
    const refused = { source: { account: 'expired', flowIds } };

    const answers = await Promise.all([
      whole.clone(body({ ...refused, dryRun: true })),
      whole.clone(body(refused)),
      whole.call('/accounts/expired/flows'),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([424, 424, 424]);
    expect(answers.map(({ body: { code } }) => code)).toEqual(Array(3).fill('account_unauthorized'));
    for (const { body } of answers) {
      expect(body.errors[0]).toMatchObject({ code: 'account_unauthorized' });
      expect(body.detail).toContain('in the account "expired" (401)');
    }
  });

  test('tells no token and no key, in no answer and no log line', async () => {
    const cloned = await whole.clone(body());
    const listed = await whole.call('/clones?target=acme');
    const all = `${cloned.text}${listed.text}${whole.logged()}`;

    expect(listed.body.clones?.length).toBeGreaterThan(0);
    for (const secret of [
      KEY,
      'a-token-that-expired',
      ...whole.sandbox.accounts().map(({ token }) => token),
    ]) {
      expect(all).not.toContain(secret);
    }
  });
});
