import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { layoutOf, OBJECTS_PER_FLOW, sourceDocuments, targetDocuments } from '../../bench/blueprint.ts';
import { accountOf, SOURCE } from '../../bench/tenants.ts';
import type { Call } from '../../sandbox/index.ts';
import { type Harness, startHarness } from '../support/harness.ts';
import { namedAccount } from '../support/named-account.ts';
import { createSyncHarness, type SyncHarness } from '../support/sync.ts';

const FLOWS = 5;
const TENANTS = [0, 1, 2].map(accountOf);

const layout = layoutOf(FLOWS);

let harness: Harness;
let sync: SyncHarness;

beforeEach(async () => {
  harness = await startHarness({
    accounts: [
      namedAccount(SOURCE, sourceDocuments(FLOWS)),
      ...TENANTS.map((name) => namedAccount(name, targetDocuments())),
    ],
  });
  sync = createSyncHarness(harness);
  await sync.put({
    source: { account: SOURCE, integrationIds: [layout.sourceIntegrationId] },
    targets: TENANTS.map((name) => ({ account: name, connectionMap: layout.connectionMap })),
  });
});

afterEach(() => harness.close());

/** What a run asks of one account. */
async function callsOf(account: string): Promise<Call[]> {
  harness.sandbox.resetCalls();
  await sync.run();
  return harness.sandbox.calls(account);
}

const isWrite = ({ method }: Call): boolean => method !== 'GET';
const places = (calls: readonly Call[]): string[] => calls.map(({ path, query }) => `${path}?${query}`);

test('a run over several tenants asks no read of the source twice', async () => {
  const calls = await callsOf(SOURCE);

  expect(new Set(places(calls)).size).toBe(calls.length);
  expect(calls.filter(isWrite)).toEqual([]);
});

test('a run that finds nothing changed takes of a tenant a page for each type of copy', async () => {
  // The second learns what registering connections did to the integration's time.
  await sync.run();
  await sync.run();

  const calls = await callsOf(TENANTS[1] ?? '');

  const types = ['connections', 'exports', 'flows', 'imports', 'integrations', 'scripts', 'tokenInfo'];
  expect(calls.map(({ path }) => path).sort()).toEqual(types.map((type) => `/v1/${type}`));
});

test('a change of one object is one write a tenant', async () => {
  await sync.run();
  const [first] = harness.sandbox.documents(SOURCE, 'exports');
  harness.sandbox.edit(SOURCE, 'exports', first?._id ?? '', (document) => {
    document['description'] = 'Changed since.';
  });

  const calls = await callsOf(TENANTS[2] ?? '');

  expect(calls.filter(isWrite).map(({ method }) => method)).toEqual(['PUT']);
});

test('a tenant that takes no new flow fails alone, and keeps what it had', async () => {
  const [stubborn = '', ...others] = TENANTS;
  await sync.run();
  const before = harness.sandbox.documents(stubborn).length;
  const known = new Set(harness.sandbox.documents(SOURCE).map(({ _id }) => _id));
  const fresh = Object.entries(sourceDocuments(FLOWS + 1)).map(([collection, all]) => [
    collection,
    all.filter(({ _id }) => !known.has(_id)),
  ]);
  harness.sandbox.load(SOURCE, Object.fromEntries(fresh));
  harness.sandbox.faults.add({
    account: stubborn,
    method: 'POST',
    path: /^\/v1\/flows$/,
    always: true,
    effect: 'status',
    status: 422,
    code: 'invalid_flow',
  });

  const { run, targets } = await sync.run();

  expect(run.status).toBe('partial');
  expect(targets[stubborn]).toMatchObject({ status: 'failed', error: { code: 'upstream_failed' } });
  expect(harness.sandbox.documents(stubborn)).toHaveLength(before);
  for (const account of others) {
    expect(harness.sandbox.documents(account)).toHaveLength(before + OBJECTS_PER_FLOW);
  }
});
