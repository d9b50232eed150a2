import { expect, test } from '@jest/globals';
import { systemClock } from '../../../adapters/integrator/index.ts';
import { createMemoryCloneStore } from '../../../adapters/memory/index.ts';
import { newCloneRecord, reportOf } from '../../../core/clone/index.ts';
import { cloneRequest } from '../../../core/model/request.ts';
import type { CloneStore } from '../../../core/ports.ts';
import { BLUEPRINT_REQUEST } from '../../support/blueprint.ts';

const WARNING = { code: 'sample_data_left_out', message: 'Sample data was left out.' };

test('an answer about a large clone is made without its plan and its events', async () => {
  // Prepare
  const store = createMemoryCloneStore({ clock: systemClock });
  const request = cloneRequest.parse(BLUEPRINT_REQUEST);
  const createdAt = new Date(0).toISOString();
  const record = newCloneRecord({ cloneId: 'c', keyId: 'test', request, createdAt });
  const counts = { create: 1_200, update: 0, reuse: 0, adopt: 0, unchanged: 0 };
  const running = {
    ...record,
    state: {
      ...record.state,
      plan: { ...record.state.plan, fingerprint: 'f', counts, cost: {} } as never,
      progress: { stage: 'applying' as const, done: 700, pending: 500 },
    },
  };
  await store.create(running);
  await store.putPart('c', 'warnings', [WARNING]);
  const read: string[] = [];
  const clones: CloneStore = {
    ...store,
    getPart: (cloneId, name) => {
      read.push(name);
      return store.getPart(cloneId, name);
    },
    events: (cloneId) => {
      read.push('events');
      return store.events(cloneId);
    },
  };

  // Act
  const state = await reportOf({ clones }, running);

  // Assess
  expect(state).toMatchObject({
    status: 'running',
    progress: { done: 700, pending: 500 },
    warnings: [WARNING],
    next: '/clones/c/actions',
  });
  expect(read).not.toContain('plan');
  expect(read).not.toContain('events');
});
