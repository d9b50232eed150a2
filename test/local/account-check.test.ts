import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../sandbox/index.ts';
import { type Doors, startDoors } from '../lambdas/doors.ts';

let elsewhere: Sandbox;
let doors: Doors;
beforeEach(async () => {
  elsewhere = await startSandbox();
});
afterEach(async () => {
  await doors?.close();
  await elsewhere.close();
});

/** The service with an account beside the sandbox's own whose token nobody knows. */
async function start(accountCheckMs: number): Promise<void> {
  const expired = { token: 'planted-token', region: 'us' as const, baseUrl: elsewhere.url };
  doors = await startDoors({ accountCheckMs, accounts: new Map([['expired', expired]]) });
}

test('A local run looks at every token again and again, and tells of the one that is refused.', async () => {
  await start(20);

  const [first, second] = await doors.logged('accounts checked', 2);
  const [event] = await doors.logged('event');

  expect([first, second]).toEqual([
    expect.objectContaining({ checked: 3, unauthorized: 1, unknown: 0 }),
    expect.objectContaining({ checked: 3, unauthorized: 1, unknown: 0 }),
  ]);
  expect(event).toMatchObject({
    source: 'flowferry',
    type: 'Account Unauthorized',
    detail: { account: 'expired', region: 'us', code: 'account_unauthorized' },
  });
  expect(doors.said()).not.toContain('planted-token');
}, 30_000);

test('One that shall never look leaves the accounts alone.', async () => {
  await start(0);

  await new Promise((resolve) => setTimeout(resolve, 100));

  expect(doors.said()).not.toContain('accounts checked');
});
