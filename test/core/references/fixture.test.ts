import { expect, test } from '@jest/globals';
import { startSandbox } from '../../../sandbox/index.ts';
import { fixtureAccount } from './fixture.ts';

test('Every document of the fixture is one that the sandbox takes', async () => {
  const token = 'fixture-token';
  const documents = fixtureAccount();
  const account = {
    name: 'fixture',
    token,
    userId: '5e03f1a2b4c5d60718290f01',
    region: 'us' as const,
    documents,
  };
  const sandbox = await startSandbox({ accounts: [account], bucket: 'unlimited' });

  const refusals: unknown[] = [];
  try {
    for (const [collection, list] of Object.entries(documents)) {
      for (const document of list) {
        const response = await fetch(`${sandbox.url}/v1/${collection}/${document._id}`, {
          method: 'PUT',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify(document),
        });
        if (!response.ok) refusals.push([collection, document['name'], await response.json()]);
      }
    }
  } finally {
    await sandbox.close();
  }

  expect(refusals).toEqual([]);
});
