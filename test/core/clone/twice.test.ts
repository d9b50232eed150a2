import { afterEach, describe, expect, test } from '@jest/globals';
import { createCloneEngine } from '../../../core/clone/index.ts';
import type { CloneState } from '../../../core/model/clone.ts';
import { type CloneRequestInput, cloneRequest } from '../../../core/model/request.ts';
import type { CloneRecord } from '../../../core/ports.ts';
import { BLUEPRINT_REQUEST, blueprintAndTarget, IDS } from '../../support/blueprint.ts';
import { unfaithful } from '../../support/faithful.ts';
import { type Harness, startHarness } from '../../support/harness.ts';

let harness: Harness | undefined;
afterEach(async () => harness?.close());

async function start(): Promise<Harness> {
  harness = await startHarness({
    accounts: blueprintAndTarget(),
    latencyMs: 5,
  });
  return harness;
}

/** Carries a clone through in a process of its own: with no sessions but its own. */
async function process(
  { ports }: Harness,
  cloneId: string,
  request: CloneRequestInput,
  origin?: CloneRecord['origin'],
): Promise<CloneState> {
  const engine = createCloneEngine({ adoptionWaitMs: 5 });
  const input = {
    cloneId,
    keyId: 'test',
    request: cloneRequest.parse(request),
    createdAt: new Date(0).toISOString(),
  };
  await ports.clones.create({ ...engine.newCloneRecord(input), ...(origin ? { origin } : {}) });
  for (;;) {
    const result = await engine.advance(ports, cloneId, 60_000);
    if (result.next === 'stop') break;
    if (result.next === 'later') await ports.clock.sleep(20);
  }
  const record = await ports.clones.get(cloneId);
  if (!record) throw new Error('the clone is gone');
  return engine.reportOf(ports, record);
}

const [legacy, linear, , listener] = IDS.flows;
const into = { account: 'acme', integrationId: IDS.targetStandalone };

describe('two clones into one target at the same time', () => {
  test('of the same objects: one is carried out, the other is told so, and nothing exists twice', async () => {
    const one = await start();
    const states = await Promise.all([
      process(one, 'first', BLUEPRINT_REQUEST),
      process(one, 'second', { ...BLUEPRINT_REQUEST, source: { account: 'blueprint', flowIds: [linear] } }),
    ]);
    expect(states.map(({ status }) => status).sort()).toEqual(['failed', 'succeeded']);
    const refused = states.find(({ status }) => status === 'failed');
    expect(refused?.errors.map(({ code }) => code)).toEqual(['clone_in_progress']);
    const done = states.find(({ status }) => status === 'succeeded');
    expect(unfaithful(one.sandbox, done?.idMap ?? {}, new Set([IDS.targetStandalone]))).toEqual([]);
  });

  test('of the same objects, when an event asked: the second waits for the first and finds its copies', async () => {
    const one = await start();
    const states = await Promise.all([
      process(one, 'first', BLUEPRINT_REQUEST, { kind: 'webhook', name: 'signup' }),
      process(one, 'second', BLUEPRINT_REQUEST, { kind: 'webhook', name: 'signup' }),
    ]);
    expect(states.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
    expect(states[0]?.idMap).toEqual(states[1]?.idMap);
    expect(states.filter(({ plan }) => (plan?.counts.create ?? 0) > 0)).toHaveLength(1);
    expect(unfaithful(one.sandbox, states[0]?.idMap ?? {}, new Set([IDS.targetStandalone]))).toEqual([]);
  });

  test('of other objects: both are carried out, one after the other', async () => {
    const one = await start();
    one.sandbox.edit('blueprint', 'flows', listener, (document) => {
      document['pageProcessors'] = [];
      delete document['_flowGroupingId'];
    });
    const states = await Promise.all([
      process(one, 'first', {
        ...BLUEPRINT_REQUEST,
        source: { account: 'blueprint', flowIds: [legacy] },
        target: into,
      }),
      process(one, 'second', {
        ...BLUEPRINT_REQUEST,
        source: { account: 'blueprint', flowIds: [listener] },
        target: into,
      }),
    ]);
    expect(states.map(({ status, errors }) => ({ status, errors }))).toEqual([
      { status: 'succeeded', errors: [] },
      { status: 'succeeded', errors: [] },
    ]);
    const idMap = { ...states[0]?.idMap, ...states[1]?.idMap };
    expect(one.sandbox.documents('acme', 'flows')).toHaveLength(2);
    expect(Object.keys(idMap)).toEqual(expect.arrayContaining([legacy, listener]));
  });
});
