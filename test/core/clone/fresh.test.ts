import { afterEach, describe, expect, test } from '@jest/globals';
import type { SandboxOptions } from '../../../sandbox/index.ts';
import { BLUEPRINT_REQUEST, blueprintAndTarget, IDS } from '../../support/blueprint.ts';
import { unfaithful } from '../../support/faithful.ts';
import { type Harness, startHarness } from '../../support/harness.ts';

const EXISTING = new Set([IDS.targetStandalone]);
/** What integrator.io answers for an object that not all of its machines know yet. */
const UNKNOWN = { account: 'acme', effect: 'status', status: 404, code: 'resource_not_found' } as const;

let harness: Harness;
afterEach(async () => harness.close());

async function start(options: SandboxOptions = {}): Promise<Harness> {
  harness = await startHarness({ accounts: blueprintAndTarget(), ...options });
  return harness;
}

describe('An object that was made a moment ago and is not known everywhere yet', () => {
  test('is asked for again before its late links are written: an integration keeps its groups.', async () => {
    const { sandbox, clone } = await start();
    sandbox.faults.add({ ...UNKNOWN, method: 'GET', path: /^\/v1\/integrations\/[0-9a-f]{24}$/, nth: 1 });

    const state = await clone(BLUEPRINT_REQUEST);

    expect(state).toMatchObject({ status: 'succeeded', errors: [] });
    expect(unfaithful(sandbox, state.idMap ?? {}, EXISTING)).toEqual([]);
  });

  test('takes its late links at a second try.', async () => {
    const { sandbox, clone } = await start();
    sandbox.faults.add({ ...UNKNOWN, method: 'PUT', nth: 1 });

    const state = await clone(BLUEPRINT_REQUEST);

    expect(state).toMatchObject({ status: 'succeeded', errors: [] });
    expect(unfaithful(sandbox, state.idMap ?? {}, EXISTING)).toEqual([]);
  });

  test('is deleted at a second try when the clone is undone.', async () => {
    const { sandbox, clone } = await start();
    const before = sandbox.documents('acme').length;
    for (const nth of [1, 3, 5]) sandbox.faults.add({ ...UNKNOWN, method: 'DELETE', nth });
    sandbox.faults.add({ ...UNKNOWN, method: 'POST', path: /^\/v1\/flows$/, always: true, status: 422 });

    const state = await clone(BLUEPRINT_REQUEST);

    expect(state.status).toBe('rolled-back');
    expect(sandbox.documents('acme')).toHaveLength(before);
  });
});

describe('An action that is refused', () => {
  test('has failed, and the error says which resource it is about.', async () => {
    const { sandbox, clone } = await start();
    const refusal = { code: 'invalid_value', message: 'No such adaptor.' };
    sandbox.faults.add({
      ...UNKNOWN,
      ...refusal,
      method: 'POST',
      path: /^\/v1\/exports$/,
      always: true,
      status: 422,
    });

    const state = await clone({ ...BLUEPRINT_REQUEST, onFailure: 'keep' });

    const failed = (state.actions ?? []).filter(({ status }) => status === 'failed');
    expect(state.status).toBe('partial');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.every(({ type, targetId }) => type === 'export' && targetId === undefined)).toBe(true);
    expect(new Set(state.errors.map(({ sourceId }) => sourceId))).toEqual(
      new Set(failed.map(({ sourceId }) => sourceId)),
    );
    expect(state.errors.every(({ type }) => type === 'export')).toBe(true);
  });
});
