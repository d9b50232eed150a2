import { afterEach, expect, test } from '@jest/globals';
import { type Harness, startHarness } from '../../support/harness.ts';

let harness: Harness | undefined;
afterEach(async () => harness?.close());

test('A clone with more problems than its record holds still lists every one, in order.', async () => {
  harness = await startHarness();
  const flowIds = Array.from({ length: 250 }, (_, number) =>
    (0xabc000 + number).toString(16).padStart(24, '0'),
  );

  const state = await harness.clone({
    source: { account: 'blueprint', flowIds },
    target: { account: 'acme' },
  });

  expect(state.status).toBe('failed');
  expect(state.errors.map(({ code }) => code)).toEqual(flowIds.map(() => 'flow_not_found'));
  expect(state.errors.map(({ sourceId }) => sourceId)).toEqual(flowIds);
  const record = await harness.ports.clones.get(state.cloneId ?? '');
  expect(record?.state.errors.length).toBeLessThan(250);
});
