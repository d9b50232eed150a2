import { afterEach, describe, expect, test } from '@jest/globals';
import type { CloneState } from '../../../core/model/clone.ts';
import type { Document } from '../../../core/model/resource.ts';
import type { SandboxOptions } from '../../../sandbox/index.ts';
import { BLUEPRINT_REQUEST, blueprintAndTarget, blueprintDocuments, IDS } from '../../support/blueprint.ts';
import { COPIED, unfaithful } from '../../support/faithful.ts';
import { type Harness, startHarness } from '../../support/harness.ts';

const EXISTING = new Set([IDS.targetStandalone]);

let harness: Harness | undefined;
afterEach(async () => harness?.close());

async function start(options: SandboxOptions = {}): Promise<Harness> {
  harness = await startHarness({
    accounts: blueprintAndTarget(),
    jobMs: 1,
    ...options,
  });
  return harness;
}

/** What an account holds, without what every write moves. */
function contents({ sandbox }: Harness): Record<string, Document[]> {
  return Object.fromEntries(
    [...COPIED, 'connections'].map((collection) => [
      collection,
      (sandbox.documents('acme', collection) as Document[]).map(
        ({ lastModified, ...rest }) => rest as Document,
      ),
    ]),
  );
}

function summary({ status, errors }: CloneState): object {
  return { status, errors };
}

describe('a clone whose answers get lost', () => {
  test('makes nothing twice when the work is done and the answer dropped, at every single POST', async () => {
    const { sandbox } = await start();
    await harness?.clone(BLUEPRINT_REQUEST);
    const posts = sandbox.calls('acme').filter(({ method }) => method === 'POST').length;
    await harness?.close();
    expect(posts).toBeGreaterThan(15);

    for (let nth = 1; nth <= posts; nth += 1) {
      const one = await start();
      one.sandbox.faults.add({ account: 'acme', method: 'POST', nth, effect: 'drop-after' });
      const state = await one.clone(BLUEPRINT_REQUEST);
      expect({ nth, ...summary(state) }).toEqual({ nth, status: 'succeeded', errors: [] });
      expect({ nth, wrong: unfaithful(one.sandbox, state.idMap ?? {}, EXISTING) }).toEqual({
        nth,
        wrong: [],
      });
      expect(state.warnings.map(({ code }) => code)).not.toContain('late_twin_removed');
      await one.close();
    }
  }, 60_000);

  test('makes nothing twice when every second POST loses its answer', async () => {
    const one = await start();
    one.sandbox.faults.add({ account: 'acme', method: 'POST', every: 2, effect: 'drop-after' });
    const state = await one.clone(BLUEPRINT_REQUEST);
    expect(summary(state)).toEqual({ status: 'succeeded', errors: [] });
    expect(unfaithful(one.sandbox, state.idMap ?? {}, EXISTING)).toEqual([]);
  });
});

describe('a clone that fails for good', () => {
  test('leaves the target as it was, whichever write it is that fails', async () => {
    const first = await start();
    await first.clone({ ...BLUEPRINT_REQUEST, activate: true });
    // A refused registration fails nothing: it has its own test.
    const writes = first.sandbox
      .calls('acme')
      .filter(({ method, path }) => method !== 'GET' && !path.endsWith('/register'));
    await first.close();
    const failures = (['POST', 'PUT', 'PATCH'] as const).flatMap((method) =>
      writes.filter((call) => call.method === method).map((_, index) => ({ method, nth: index + 1 })),
    );
    expect(failures.length).toBe(writes.length);

    for (const failure of failures) {
      const one = await start();
      const before = contents(one);
      one.sandbox.faults.add({
        account: 'acme',
        path: /(?<!register)$/,
        ...failure,
        effect: 'status',
        status: 422,
        code: 'invalid_value',
      });
      const state = await one.clone({ ...BLUEPRINT_REQUEST, activate: true });
      expect({ ...failure, status: state.status }).toEqual({ ...failure, status: 'rolled-back' });
      expect(state.errors.length).toBeGreaterThan(0);
      expect({ ...failure, contents: contents(one) }).toEqual({ ...failure, contents: before });
      await one.close();
    }
  }, 60_000);

  test('asks again for what could not be deleted while something else still named it', async () => {
    const one = await start();
    const before = contents(one);
    for (const path of [/flows/, /exports/, /scripts/]) {
      one.sandbox.faults.add({
        account: 'acme',
        method: 'DELETE',
        path,
        nth: 1,
        effect: 'status',
        status: 422,
        code: 'in_use',
      });
    }
    one.sandbox.faults.add({
      account: 'acme',
      method: 'PUT',
      path: /flows/,
      effect: 'status',
      status: 422,
      code: 'invalid_value',
    });

    const failed = await one.clone(BLUEPRINT_REQUEST);

    expect(failed.status).toBe('rolled-back');
    expect(failed.errors.map(({ code }) => code)).not.toContain('undo_failed');
    expect(contents(one)).toEqual(before);
  });

  test('puts back what it changed, and the next clone finds the copies again', async () => {
    const one = await start();
    const done = await one.clone(BLUEPRINT_REQUEST);
    one.sandbox.edit('blueprint', 'exports', IDS.exports[1], (document) => {
      document['name'] = 'Get all items';
    });
    one.sandbox.edit('blueprint', 'flows', IDS.flows[1], (document) => {
      document['schedule'] = '? 30 3 ? * *';
    });
    const before = contents(one);
    one.sandbox.faults.add({
      account: 'acme',
      method: 'PUT',
      path: /flows/,
      nth: 1,
      effect: 'status',
      status: 422,
      code: 'invalid_value',
    });

    const failed = await one.clone(BLUEPRINT_REQUEST);

    expect(failed.status).toBe('rolled-back');
    expect(contents(one)).toEqual(before);
    one.sandbox.faults.clear();
    const again = await one.clone(BLUEPRINT_REQUEST);
    expect(summary(again)).toEqual({ status: 'succeeded', errors: [] });
    expect(again.idMap).toEqual(done.idMap);
    expect(unfaithful(one.sandbox, again.idMap ?? {}, EXISTING)).toEqual([]);
  });

  test('keeps what was done, asleep, when asked to, and goes on from there', async () => {
    const one = await start();
    one.sandbox.faults.add({
      account: 'acme',
      method: 'POST',
      path: /flows/,
      effect: 'status',
      status: 422,
      code: 'invalid_value',
    });
    const partial = await one.clone({ ...BLUEPRINT_REQUEST, onFailure: 'keep' });
    expect(partial.status).toBe('partial');
    expect(partial.actions?.some(({ status }) => status === 'done')).toBe(true);
    one.sandbox.faults.clear();

    const resumed = await one.resume(partial.cloneId ?? '');

    expect(summary(resumed)).toEqual({ status: 'succeeded', errors: [] });
    expect(unfaithful(one.sandbox, resumed.idMap ?? {}, EXISTING)).toEqual([]);
  });
});

describe('a clone into an integration that takes no registrations', () => {
  test('ends with a warning: the flows work without', async () => {
    const one = await start();
    one.sandbox.faults.add({
      account: 'acme',
      path: /register/,
      effect: 'status',
      status: 422,
      code: 'not_allowed',
    });
    const state = await one.clone(BLUEPRINT_REQUEST);
    expect(summary(state)).toEqual({ status: 'succeeded', errors: [] });
    expect(state.warnings.map(({ code }) => code)).toContain('connections_not_registered');
    expect(unfaithful(one.sandbox, state.idMap ?? {}, EXISTING)).toEqual([]);
  });
});

describe('a clone in a storm', () => {
  test('ends faithful through 503 on every fourth call and a bucket of 10 with 40 a second', async () => {
    const one = await start({ bucket: { size: 10, refillPerSecond: 40 } });
    one.sandbox.faults.add({ every: 4, effect: 'status', status: 503, code: 'unavailable' });
    const state = await one.clone(BLUEPRINT_REQUEST);
    expect(summary(state)).toEqual({ status: 'succeeded', errors: [] });
    expect(unfaithful(one.sandbox, state.idMap ?? {}, EXISTING)).toEqual([]);
  }, 60_000);
});

describe('two equal originals of which one call is lost', () => {
  test('get a copy each, also when the lost one is looked for while the other is on its way', async () => {
    const documents = blueprintDocuments();
    const [merge, choose] = IDS.scripts;
    const content = 'function choose() { return [0]; }';
    documents['scripts'] = [merge, choose].map((_id) => ({ _id, name: 'Choose branch', content }));
    let posts = 0;
    const one = await start({
      accounts: blueprintAndTarget(documents),
      // The second script is made at once, but its answer comes only after the first was looked for twice.
      onCall: async (call, phase) => {
        if (call.account !== 'acme' || call.method !== 'POST' || call.path !== '/v1/scripts')
          return undefined;
        if (phase === 'before') {
          posts += 1;
          return posts === 1 ? 'drop' : undefined;
        }
        if (posts === 2) await new Promise((resolve) => setTimeout(resolve, 400));
        return undefined;
      },
    });

    const state = await one.clone(BLUEPRINT_REQUEST);

    expect(summary(state)).toEqual({ status: 'succeeded', errors: [] });
    expect(state.idMap?.[merge]).not.toBe(state.idMap?.[choose]);
    expect(one.sandbox.documents('acme', 'scripts')).toHaveLength(2);
    expect(unfaithful(one.sandbox, state.idMap ?? {}, EXISTING)).toEqual([]);
  });
});
