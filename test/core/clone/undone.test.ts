import { afterEach, expect, test } from '@jest/globals';
import { BLUEPRINT_REQUEST, blueprintAndTarget } from '../../support/blueprint.ts';
import { type Harness, startHarness } from '../../support/harness.ts';

let harness: Harness | undefined;
afterEach(async () => harness?.close());

test('A clone that was undone waits for no connection any more.', async () => {
  harness = await startHarness({ accounts: blueprintAndTarget() });
  const waiting = await harness.clone({ ...BLUEPRINT_REQUEST, connectionMap: {}, connections: 'stub' });
  expect(waiting).toMatchObject({ status: 'waiting', pendingAuthorizations: [{}] });

  await harness.ports.clones.wish(waiting.cloneId ?? '', 'rollback');
  const undone = await harness.resume(waiting.cloneId ?? '');

  expect(undone).toMatchObject({ status: 'rolled-back', pendingAuthorizations: [] });
});

test('The report of a clone that was undone names no copy that is gone.', async () => {
  harness = await startHarness({
    accounts: blueprintAndTarget(),
  });
  const done = await harness.clone({ ...BLUEPRINT_REQUEST, activate: true, run: true });
  const made = new Set(
    done.actions?.flatMap(({ action, targetId }) => (action === 'create' ? [targetId] : [])),
  );
  expect(made.size).toBeGreaterThan(10);
  expect(done.flows?.some(({ webhookUrls }) => webhookUrls !== undefined)).toBe(true);

  const undone = await harness.rollback(done.cloneId ?? '');

  expect(undone.status).toBe('rolled-back');
  const text = JSON.stringify(undone);
  expect([...made].filter((id) => id !== undefined && text.includes(id))).toEqual([]);
});
