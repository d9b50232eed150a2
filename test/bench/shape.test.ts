import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { layoutOf, OBJECTS_PER_FLOW, sourceDocuments, targetDocuments } from '../../bench/blueprint.ts';
import type { CloneRequestInput } from '../../core/model/request.ts';
import type { Call } from '../../sandbox/index.ts';
import { type Harness, startHarness } from '../support/harness.ts';
import { namedAccount } from '../support/named-account.ts';

/** Enough that collections are read in pages, and few enough for a test. */
const FLOWS = 32;
const PUBLISHED = { size: 1000, refillPerSecond: 300 };

const layout = layoutOf(FLOWS);

const request: CloneRequestInput = {
  source: { account: 'blueprint', flowIds: layout.flowIds },
  target: { account: 'tenant', integrationId: layout.targetIntegrationId },
  connectionMap: layout.connectionMap,
};

let harness: Harness;

beforeEach(async () => {
  harness = await startHarness({
    bucket: PUBLISHED,
    accounts: [namedAccount('blueprint', sourceDocuments(FLOWS)), namedAccount('tenant', targetDocuments())],
  });
});

afterEach(() => harness.close());

/** The calls of a clone of this request, in the order they came in. */
async function callsOf(options: object = {}): Promise<Call[]> {
  harness.sandbox.resetCalls();
  const state = await harness.clone({ ...request, ...options });
  expect(state.status).toBe('succeeded');
  return harness.sandbox.calls();
}

const isWrite = ({ method }: Call): boolean => method !== 'GET';
const isRefused = ({ status }: Call): boolean => status === 429;

describe('a first clone', () => {
  test('writes each object once, reads scripts one by one and all else in pages', async () => {
    // Act
    const calls = await callsOf();

    // Assess
    const scripts = calls.filter(({ method, path }) => method === 'GET' && /^\/v1\/scripts\/./.test(path));
    expect(calls.filter(isWrite)).toHaveLength(FLOWS * OBJECTS_PER_FLOW);
    expect(scripts).toHaveLength(FLOWS);
    expect(calls.length - FLOWS * OBJECTS_PER_FLOW - FLOWS).toBeLessThanOrEqual(12);
    expect(calls.filter(isRefused)).toEqual([]);
  });

  test('reads of the target what the request names before the source has told what it needs', async () => {
    // Act
    const calls = await callsOf();

    // Assess
    const mapped = calls.findIndex(
      ({ account, path }) => account === 'tenant' && path.startsWith('/v1/connections/'),
    );
    const steps = calls.findIndex(({ path }) => path === '/v1/exports');
    expect(mapped).toBeGreaterThanOrEqual(0);
    expect(mapped).toBeLessThan(steps);
  });

  test('writes nothing before the last of the source is read', async () => {
    // Act
    const calls = await callsOf();

    // Assess
    const lastRead = calls.findLastIndex(({ account }) => account === 'blueprint');
    expect(calls.findIndex(isWrite)).toBeGreaterThan(lastRead);
  });
});

describe('a clone of what was cloned before', () => {
  test('writes nothing and reads pages alone when nothing changed', async () => {
    // Prepare
    await callsOf();

    // Act
    const calls = await callsOf();

    // Assess
    expect(calls.filter(isWrite)).toEqual([]);
    expect(calls.length).toBeLessThanOrEqual(25);
  });

  test('writes what changed alone', async () => {
    // Prepare
    await callsOf();
    const [first] = harness.sandbox.documents('blueprint', 'exports');
    harness.sandbox.edit('blueprint', 'exports', String(first?._id), (document) => {
      document['description'] = 'Changed since.';
    });

    // Act
    const calls = await callsOf();

    // Assess
    expect(calls.filter(isWrite).map(({ method, path }) => `${method} ${path.split('/')[2]}`)).toEqual([
      'PUT exports',
    ]);
    expect(calls.length).toBeLessThanOrEqual(27);
  });

  test('reads pages alone after the copies were enabled, for that is no change', async () => {
    // Prepare
    await callsOf();
    await callsOf({ activate: true });

    // Act
    const calls = await callsOf({ activate: true });

    // Assess
    expect(calls.filter(isWrite)).toEqual([]);
    expect(calls.length).toBeLessThanOrEqual(25);
  });
});
