import { expect, test } from '@jest/globals';
import { systemClock } from '../../../adapters/integrator/index.ts';
import { createMemoryCloneStore } from '../../../adapters/memory/index.ts';
import { actionsPage, newCloneRecord } from '../../../core/clone/index.ts';
import { cloneRequest } from '../../../core/model/request.ts';

const request = cloneRequest.parse({
  source: { account: 'blueprint', flowIds: ['5f0000000000000000000001'] },
  target: { account: 'acme' },
});

async function threeActions() {
  const clones = createMemoryCloneStore({ clock: systemClock });
  const record = newCloneRecord({ cloneId: 'one', keyId: 'key', request, createdAt: '2026-01-01T00:00:00Z' });
  await clones.create(record);
  const actions = ['a', 'b', 'c'].map((name) => ({
    action: 'create',
    type: 'export',
    sourceId: name.repeat(24),
    name,
  }));
  await clones.putPart('one', 'plan', { plan: { actions } });
  return (page: { limit: number; cursor?: string }) => actionsPage({ clones }, record, page);
}

test('The pages of actions follow each other by their cursors.', async () => {
  const page = await threeActions();

  const first = await page({ limit: 2 });
  const second = await page({ limit: 2, cursor: first.next ?? '' });

  expect(first).toMatchObject({ actions: [{ name: 'a' }, { name: 'b' }], next: '2' });
  expect(second).toMatchObject({ actions: [{ name: 'c' }], next: null });
});

test.each(['-1', '-2', '0', '1.5', '1e1', ' 1', '', 'abc', '2x', '9'.repeat(30)])(
  'A cursor that no page handed out, such as "%s", is refused.',
  async (cursor) => {
    const page = await threeActions();

    await expect(page({ limit: 2, cursor })).rejects.toMatchObject({ code: 'invalid_request' });
  },
);
