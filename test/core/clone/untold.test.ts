import { afterEach, expect, test } from '@jest/globals';
import { createCloneEngine } from '../../../core/clone/index.ts';
import { FlowferryError } from '../../../core/model/problem.ts';
import { cloneRequest } from '../../../core/model/request.ts';
import type { CloneStore } from '../../../core/ports.ts';
import { BLUEPRINT_REQUEST, blueprintDocuments, emptyTarget, IDS } from '../../support/blueprint.ts';
import { unfaithful } from '../../support/faithful.ts';
import { type Harness, startHarness } from '../../support/harness.ts';

let harness: Harness | undefined;
afterEach(async () => harness?.close());

test('a copy that only the ledger knows of, for its process died before it told, is in the report', async () => {
  // Prepare: a process whose outcomes reach the ledger, but whose events never reach the clone
  harness = await startHarness({
    accounts: [
      { name: 'blueprint', token: 'source-token', userId: 'source', documents: blueprintDocuments() },
      { name: 'acme', token: 'target-token', userId: 'target', documents: emptyTarget() },
    ],
  });
  const { engine, ports, sandbox } = harness;
  const gone = new FlowferryError('storage_unavailable', 'The table is gone.');
  const request = cloneRequest.parse(BLUEPRINT_REQUEST);
  const createdAt = new Date(0).toISOString();
  await ports.clones.create(engine.newCloneRecord({ cloneId: 'c', keyId: 'test', request, createdAt }));
  const mute: CloneStore = {
    ...ports.clones,
    appendEvents: async (cloneId, attempt, sequence, events) => {
      // Copies that wait for their links are told of again when they have them: those are let through.
      if (events.some(({ status }) => status === 'done')) throw gone;
      await ports.clones.appendEvents(cloneId, attempt, sequence, events);
    },
  };
  const first = createCloneEngine({ adoptionWaitMs: 5 }).advance({ ...ports, clones: mute }, 'c', 60_000);
  await expect(first).rejects.toThrow('The table is gone.');
  const made = sandbox.stats('acme').byMethod['POST'] ?? 0;

  // Act: the next process goes on
  while ((await engine.advance(ports, 'c', 60_000)).next !== 'stop');

  // Assess
  const record = await ports.clones.get('c');
  if (!record) throw new Error('the clone is gone');
  const state = await engine.reportOf(ports, record);
  expect(made).toBeGreaterThan(0);
  expect(state.actions?.filter(({ status, targetId }) => status !== 'done' || !targetId)).toEqual([]);
  expect(Object.keys(state.idMap ?? {})).toHaveLength(state.actions?.length ?? 0);
  expect(unfaithful(sandbox, state.idMap ?? {}, new Set([IDS.targetStandalone]))).toEqual([]);
});
