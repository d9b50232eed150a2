import { afterEach, describe, expect, test } from '@jest/globals';
import type { Advance } from '../../../core/clone/index.ts';
import type { CloneState } from '../../../core/model/clone.ts';
import type { Document } from '../../../core/model/resource.ts';
import { newOffboardingRecord } from '../../../core/offboarding/index.ts';
import { BLUEPRINT_REQUEST, blueprintAndTarget, emptyTarget, IDS } from '../../support/blueprint.ts';
import { type Harness, startHarness } from '../../support/harness.ts';

const ID = 'offboarding-1';

let harness: Harness;
afterEach(async () => harness?.close());

/** A target that holds a clone of the whole blueprint. */
async function startCloned(): Promise<CloneState> {
  harness = await startHarness({
    accounts: blueprintAndTarget(),
  });
  const state = await harness.clone(BLUEPRINT_REQUEST);
  expect(state.status).toBe('succeeded');
  return state;
}

async function order(...[source]: [source?: string]): Promise<void> {
  const createdAt = new Date(0).toISOString();
  await harness.ports.clones.create(
    newOffboardingRecord({ cloneId: ID, keyId: 'test', account: 'acme', source, createdAt }),
  );
}

const advance = (budgetMs = 60_000): Promise<Advance> => harness.engine.advance(harness.ports, ID, budgetMs);

async function finish(): Promise<CloneState> {
  for (;;) if ((await advance()).next === 'stop') break;
  const record = await harness.ports.clones.get(ID);
  if (record === undefined) throw new Error('the record is gone');
  return harness.engine.reportOf(harness.ports, record);
}

/** What is in the target, as `<collection> <name>`. */
const inTarget = (): string[] => {
  const collections = ['integrations', 'flows', 'exports', 'imports', 'connections', 'scripts'];
  const more = ['asynchelpers', 'lookupcaches'];
  return [...collections, ...more].flatMap((collection) =>
    harness.sandbox.documents('acme', collection).map((document) => `${collection} ${document._id}`),
  );
};

describe('offboarding', () => {
  test('leaves the account as it was before anything was cloned into it, and the ledger empty', async () => {
    const before = Object.entries(emptyTarget()).flatMap(([collection, documents]) =>
      documents.map(({ _id }) => `${collection} ${_id}`),
    );
    const cloned = await startCloned();
    const made = cloned.plan?.counts.create ?? 0;
    await order('blueprint');

    const state = await finish();

    expect(made).toBeGreaterThan(15);
    expect(inTarget().sort()).toEqual(before.sort());
    expect(state).toMatchObject({ status: 'succeeded', errors: [], progress: { stage: 'done', pending: 0 } });
    expect(state.actions?.filter(({ status }) => status === 'undone')).toHaveLength(made);
    expect(await harness.ports.ledger.pairsOf('us:5f0000000000000000000b02')).toEqual([]);
  });

  test('of every source does the same', async () => {
    await startCloned();
    await order();

    const state = await finish();

    expect(state.status).toBe('succeeded');
    expect(inTarget()).toHaveLength(2);
  });

  test('touches nothing that came from another source', async () => {
    await startCloned();
    const before = inTarget();
    await order('acme');

    const state = await finish();

    expect(state).toMatchObject({ status: 'succeeded', actions: [] });
    expect(inTarget()).toEqual(before);
  });

  test('keeps what the tenant has come to use, with all that it needs, and says so', async () => {
    const cloned = await startCloned();
    const copies = cloned.idMap ?? {};
    const integrationId = copies[IDS.integration];
    const exportId = copies[IDS.exports[0]];
    const own = { _id: '5f00000000000000000000ff', name: 'Own flow', _integrationId: integrationId };
    harness.sandbox.load('acme', {
      flows: [{ ...own, pageGenerators: [{ _exportId: exportId }] } as unknown as Document],
    });
    await order('blueprint');

    const state = await finish();

    expect(state.status).toBe('partial');
    expect(state.errors.map(({ code }) => code)).toContain('still_used');
    expect(inTarget()).toEqual(
      expect.arrayContaining([`integrations ${integrationId}`, `exports ${exportId}`]),
    );
    expect(inTarget()).toContain('flows 5f00000000000000000000ff');
    expect(harness.sandbox.documents('acme', 'flows')).toHaveLength(1);
  });

  test('goes on where it was, whenever it is stopped', async () => {
    await startCloned();
    await order('blueprint');
    const seen: string[] = [];
    for (let calls = 0; calls < 50; calls += 1) {
      const result = await advance(0);
      seen.push(result.next);
      if (result.next === 'stop') break;
    }

    expect(seen.length).toBeGreaterThan(3);
    expect(seen.at(-1)).toBe('stop');
    expect(inTarget()).toHaveLength(2);
  });

  test('waits for a clone that is writing into the account', async () => {
    await startCloned();
    await order('blueprint');
    const pair = { source: 'us:5f0000000000000000000b01', target: 'us:5f0000000000000000000b02' };
    const lease = await harness.ports.ledger.acquire(pair, 'another');

    const first = await advance();
    await lease.release();
    const state = await finish();

    expect(first).toEqual({ next: 'later', seconds: 5 });
    expect(state.status).toBe('succeeded');
  });

  test('stops when it is canceled, and can be gone on with', async () => {
    await startCloned();
    await order('blueprint');
    await harness.ports.clones.wish(ID, 'cancel');

    const state = await finish();

    expect(state).toMatchObject({ status: 'partial', errors: [{ code: 'canceled' }] });
    expect(inTarget().length).toBeGreaterThan(15);
  });

  test('refuses a name that stands for another account by now', async () => {
    await startCloned();
    await harness.ports.bindings.bind('acme', 'us:5f0000000000000000000b01');
    await order('blueprint');

    const state = await finish();

    expect(state).toMatchObject({ status: 'failed', errors: [{ code: 'account_changed' }] });
    expect(inTarget().length).toBeGreaterThan(15);
  });
});
