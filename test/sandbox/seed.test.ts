import { describe, expect, test } from '@jest/globals';
import { COLLECTIONS, type Document } from '../../sandbox/index.ts';
import { caller, started } from './support.ts';

describe('the accounts it starts with', () => {
  test('Everything in them can be written back: no reference dangles, no schedule is wrong.', async () => {
    const sandbox = await started();

    for (const { name, token } of sandbox.accounts()) {
      for (const collection of COLLECTIONS) {
        for (const document of sandbox.documents(name, collection)) {
          const reply = await caller(sandbox, token)('PUT', `/v1/${collection}/${document._id}`, document);
          expect(`${collection} ${document['name']} ${reply.status}`).toBe(
            `${collection} ${document['name']} 200`,
          );
        }
      }
    }
  });

  test('blueprint holds both documented flows, each place of the second with a step of its own.', async () => {
    const sandbox = await started();

    const [events, usage] = sandbox.documents('blueprint', 'flows');

    expect(events).toMatchObject({ name: 'Send GitHub Events to Slack', timezone: 'America/Los_Angeles' });
    expect(usage).toMatchObject({ name: 'Update Usage Stats for all Trialers', schedule: '? 0 2 ? * *' });
    const steps = [
      ...((usage?.['pageGenerators'] ?? []) as Document[]),
      ...((usage?.['pageProcessors'] ?? []) as Document[]),
    ];
    const ids = steps.map((step) => step['_exportId'] ?? step['_importId']);
    expect(new Set(ids).size).toBe(13);
    expect(sandbox.documents('blueprint', 'exports')).toHaveLength(12);
    expect(sandbox.documents('blueprint', 'imports')).toHaveLength(3);
  });

  test('acme holds connections of the same names and types, and nothing else but its standalone flows.', async () => {
    const sandbox = await started();
    const kinds = (name: string) =>
      sandbox.documents(name, 'connections').map((connection) => [connection['name'], connection['type']]);

    expect(kinds('acme')).toEqual(kinds('blueprint'));
    const others = COLLECTIONS.filter((collection) => collection !== 'connections').flatMap((collection) =>
      sandbox.documents('acme', collection),
    );
    expect(others.map((document) => document['name'])).toEqual(['Standalone flows']);
  });

  test('No id is in both accounts, and neither are secrets.', async () => {
    const sandbox = await started();
    const ids = (name: string) => sandbox.documents(name).map(({ _id }) => _id);

    expect(ids('blueprint').filter((id) => ids('acme').includes(id))).toEqual([]);
    expect(JSON.stringify(sandbox.documents('blueprint'))).toContain('planted-blueprint');
    expect(JSON.stringify(sandbox.documents('acme'))).not.toContain('planted-blueprint');
  });

  test('No secret of theirs is ever shown.', async () => {
    const sandbox = await started();

    for (const { token } of sandbox.accounts()) {
      for (const collection of COLLECTIONS) {
        expect((await caller(sandbox, token)('GET', `/v1/${collection}`)).text).not.toContain('planted');
      }
    }
  });
});
