import { expect, test } from '@jest/globals';
import { LocalProcess } from './service.ts';

test('the demo shows the whole job in lines that fit, and ends well', async () => {
  const demo = new LocalProcess('demo.ts', {});

  const exitCode = await demo.ended;

  expect([exitCode, demo.stderr]).toEqual([0, '']);
  const lines = demo.stdout.split('\n');
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
  for (const part of [
    '422 invalid_request',
    '422 plan_blocked',
    '20 to create, 0 to update, 5 to reuse, 0 unchanged',
    '201 succeeded, clone',
    'completed',
    '55ea78c6b751843c37b7b367 -> ',
    'nothing to do, 0 writes',
  ]) {
    expect(demo.stdout).toContain(part);
  }
});
