import { expect, test } from '@jest/globals';
import { account, HOME, startWorld, theirs } from './world.ts';

test('A clone that undoes itself takes back what it registered on the integration it was given.', async () => {
  await using world = await startWorld(account());
  const home = () => world.target('integrations').find(({ _id }) => _id === HOME);
  world.sandbox.edit('acme', 'integrations', HOME, (document) => {
    document['_registeredConnectionIds'] = [theirs(1)];
  });
  const post = { account: 'acme', method: 'POST', path: /^\/v1\/flows$/ } as const;
  world.sandbox.faults.add({ ...post, always: true, effect: 'status', status: 422 });

  const state = await world.clone(world.request({ target: { account: 'acme', integrationId: HOME } }));

  const registrations = world.writes().filter(({ path }) => path.endsWith('/register'));
  expect(state.status).toBe('rolled-back');
  expect(registrations.map(({ method }) => method)).toEqual(['PUT', 'DELETE']);
  expect(home()?.['_registeredConnectionIds']).toEqual([theirs(1)]);
});
