import { expect, test } from '@jest/globals';
import type { JsonObject } from '../../../core/model/resource.ts';
import { withActionLines } from '../../../lambdas/worker/action-lines.ts';
import { newRecord, silentPorts } from './support.ts';

test('every action whose end was stored is one line, with its ids and its place in the plan', async () => {
  // Prepare
  const lines: JsonObject[] = [];
  const clones = withActionLines(silentPorts().clones, (fields) => lines.push(fields));
  await clones.create(newRecord('clone-1'));

  // Act
  await clones.appendEvents('clone-1', 1, 0, [
    { index: 0, status: 'done', targetId: '5f0000000000000000000009' },
    { index: 1, status: 'failed' },
  ]);

  // Assess
  expect(lines).toEqual([
    { cloneId: 'clone-1', index: 0, status: 'done', targetId: '5f0000000000000000000009' },
    { cloneId: 'clone-1', index: 1, status: 'failed' },
  ]);
  expect(await clones.events('clone-1')).toHaveLength(2);
});

test('what could not be stored is no line', async () => {
  // Prepare
  const lines: JsonObject[] = [];
  const failing = { ...silentPorts().clones, appendEvents: () => Promise.reject(new Error('away')) };
  const clones = withActionLines(failing, (fields) => lines.push(fields));

  // Act
  const stored = clones.appendEvents('clone-1', 1, 0, [{ index: 0, status: 'done' }]);

  // Assess
  await expect(stored).rejects.toThrow('away');
  expect(lines).toEqual([]);
});
