import { afterEach, describe, expect, test } from '@jest/globals';
import { createCloneEngine } from '../../../core/clone/index.ts';
import { cloneRequest } from '../../../core/model/request.ts';
import { BLUEPRINT_REQUEST, blueprintAndTarget, IDS } from '../../support/blueprint.ts';
import { unfaithful } from '../../support/faithful.ts';
import { type Harness, startHarness } from '../../support/harness.ts';
import { type Moment, MortalPorts } from '../../support/kill.ts';

const EXISTING = new Set([IDS.targetStandalone]);
const CLONE = 'mortal-clone';

let harness: Harness | undefined;
afterEach(async () => harness?.close());

async function start(): Promise<Harness> {
  harness = await startHarness({
    accounts: blueprintAndTarget(),
    jobMs: 1,
  });
  return harness;
}

/** Runs one process until it ends the clone or dies; says whether it died. */
async function live(
  { ports }: Harness,
  at: number,
  moment: Moment,
): Promise<{ died: boolean; calls: number }> {
  const mortal = new MortalPorts(ports, at, moment);
  const engine = createCloneEngine({ adoptionWaitMs: 5 });
  const ended = (async () => {
    for (;;) {
      const { next } = await engine.advance(mortal.ports, CLONE, 60_000);
      if (next === 'stop') return 'ended';
    }
  })();
  const end = await Promise.race([ended, mortal.died.then(() => 'died')]);
  return { died: end === 'died', calls: mortal.calls };
}

async function order(harness: Harness): Promise<void> {
  await harness.ports.clones.create(
    harness.engine.newCloneRecord({
      cloneId: CLONE,
      keyId: 'test',
      request: cloneRequest.parse({ ...BLUEPRINT_REQUEST, activate: true, run: true }),
      createdAt: new Date(0).toISOString(),
    }),
  );
}

describe('a clone whose process is killed', () => {
  test.each<Moment>(['before', 'after'])(
    'at every single call, %s it took effect, ends faithful and nothing exists twice',
    async (moment) => {
      // Prepare: how many calls an undisturbed clone takes
      const whole = await start();
      await order(whole);
      const { calls } = await live(whole, Number.POSITIVE_INFINITY, moment);
      await whole.close();
      expect(calls).toBeGreaterThan(50);

      for (let at = 1; at <= calls; at += 1) {
        const harness = await start();
        await order(harness);

        // Act: one process dies, the next goes on
        await live(harness, at, moment);
        const { died } = await live(harness, Number.POSITIVE_INFINITY, moment);

        // Assess
        expect(died).toBe(false);
        const record = await harness.ports.clones.get(CLONE);
        if (!record) throw new Error('the clone is gone');
        const state = await harness.engine.reportOf(harness.ports, record);
        expect({ at, status: state.status, errors: state.errors }).toEqual({
          at,
          status: 'succeeded',
          errors: [],
        });
        // What an earlier try made was taken over, not made twice and cleaned up.
        expect(state.warnings.map(({ code }) => code)).not.toContain('late_twin_removed');
        expect({ at, wrong: unfaithful(harness.sandbox, state.idMap ?? {}, EXISTING) }).toEqual({
          at,
          wrong: [],
        });
        await harness.close();
      }
    },
    120_000,
  );
});

describe('a clone that is killed and then undone', () => {
  test.each<Moment>(['before', 'after'])(
    'leaves nothing behind, whichever call it was killed at, %s it took effect',
    async (moment) => {
      const whole = await start();
      await order(whole);
      const { calls } = await live(whole, Number.POSITIVE_INFINITY, moment);
      await whole.close();

      for (let at = 1; at <= calls; at += 1) {
        const harness = await start();
        const before = harness.sandbox.documents('acme').map(({ _id }) => _id);
        await order(harness);

        // Act: one process dies, then somebody wants the clone undone
        await live(harness, at, moment);
        await harness.ports.clones.wish(CLONE, 'rollback');
        await live(harness, Number.POSITIVE_INFINITY, moment);

        // Assess
        const record = await harness.ports.clones.get(CLONE);
        expect({ at, status: record?.status, errors: record?.state.errors }).toEqual({
          at,
          status: 'rolled-back',
          errors: [],
        });
        const after = harness.sandbox.documents('acme').map(({ _id }) => _id);
        expect({ at, after }).toEqual({ at, after: before });
        await harness.close();
      }
    },
    120_000,
  );
});
