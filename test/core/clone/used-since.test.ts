import { afterEach, describe, expect, test } from '@jest/globals';
import { usedSince } from '../../../core/clone/index.ts';
import type { CloneState } from '../../../core/model/clone.ts';
import { BLUEPRINT_REQUEST, blueprintAndTarget, IDS } from '../../support/blueprint.ts';
import { type Harness, startHarness } from '../../support/harness.ts';

let harness: Harness | undefined;
afterEach(async () => harness?.close());

async function start(): Promise<Harness> {
  harness = await startHarness({
    accounts: blueprintAndTarget(),
  });
  return harness;
}

async function builtOn({ ports }: Harness, state: CloneState): Promise<string | undefined> {
  const record = await ports.clones.get(state.cloneId ?? '');
  if (!record) throw new Error('the clone is gone');
  return usedSince(ports, record);
}

describe('whether a clone can still be undone', () => {
  test('it can when the same clone ran again and found nothing to do', async () => {
    const one = await start();
    const first = await one.clone(BLUEPRINT_REQUEST);
    await one.clone(BLUEPRINT_REQUEST);
    expect(await builtOn(one, first)).toBeUndefined();
  });

  test('it can not when a later clone wrote to its copies; the later one can', async () => {
    const one = await start();
    const first = await one.clone(BLUEPRINT_REQUEST);
    one.sandbox.edit('blueprint', 'exports', IDS.exports[1], (document) => {
      document['name'] = 'Get all items';
    });
    const second = await one.clone(BLUEPRINT_REQUEST);
    expect(await builtOn(one, first)).toBe(second.cloneId);
    expect(await builtOn(one, second)).toBeUndefined();
  });

  test('it can when what came later was of other flows, and wrote nothing', async () => {
    const one = await start();
    const target = { account: 'acme', integrationId: IDS.targetStandalone };
    const [, , , listener] = IDS.flows;
    const first = await one.clone({
      ...BLUEPRINT_REQUEST,
      source: { account: 'blueprint', integrationIds: [IDS.integration] },
      target,
    });
    expect(first.status).toBe('succeeded');
    const other = await one.clone({
      ...BLUEPRINT_REQUEST,
      source: { account: 'blueprint', flowIds: [listener] },
      target,
    });
    expect(other.plan?.counts.create).toBe(0);
    expect(await builtOn(one, first)).toBeUndefined();
  });

  test('it can not when a clone that was asked for earlier, but had to wait, was carried out later', async () => {
    const one = await start();
    const [waited, first] = [await one.order(BLUEPRINT_REQUEST), await one.order(BLUEPRINT_REQUEST)];
    await one.finish(first);
    one.sandbox.edit('blueprint', 'exports', IDS.exports[1], (document) => {
      document['name'] = 'Get all items';
    });
    await one.finish(waited);
    expect(await builtOn(one, await one.stateOf(first))).toBe(waited);
    expect(await builtOn(one, await one.stateOf(waited))).toBeUndefined();
  });
});
