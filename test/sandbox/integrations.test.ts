import { describe, expect, test } from '@jest/globals';
import { bench, CONNECTION, NOBODY } from './support.ts';

describe('integrations', () => {
  test('Flow groups get ids of their own on creation and keep them over a replacement.', async () => {
    const { make, call } = await bench();
    const made = await make('integrations', {
      name: 'Shop',
      flowGroupings: [{ name: 'Daily', _id: NOBODY }],
    });
    const [group] = made['flowGroupings'] as { _id: string }[];

    const reply = await call('PUT', `/v1/integrations/${made._id}`, {
      name: 'Shop',
      flowGroupings: [group, { name: 'Weekly' }],
    });

    expect(group?._id).not.toBe(NOBODY);
    expect(reply.body.flowGroupings).toEqual([group, { name: 'Weekly', _id: expect.any(String) }]);
  });

  test('A replacement without flow groups wipes them.', async () => {
    const { make, call } = await bench();
    const made = await make('integrations', { name: 'Shop', flowGroupings: [{ name: 'Daily' }] });

    const reply = await call('PUT', `/v1/integrations/${made._id}`, { name: 'Shop' });

    expect(reply.body.flowGroupings).toEqual([]);
  });

  test('A group needs a name.', async () => {
    const { refusal } = await bench();

    expect(await refusal('POST', '/v1/integrations', { name: 'Shop', flowGroupings: [{}] })).toEqual([
      '422 invalid_value flowGroupings',
    ]);
  });

  test('Registrations are ignored when sent and have calls of their own.', async () => {
    const { make, call } = await bench();
    const [one, two] = [await make('connections', CONNECTION), await make('connections', CONNECTION)];
    const made = await make('integrations', { name: 'Shop', _registeredConnectionIds: [one._id] });
    const path = `/v1/integrations/${made._id}/connections`;

    const registered = await call('PUT', `${path}/register`, [one._id, two._id]);
    const again = await call('PUT', `${path}/register`, [two._id]);
    const dropped = await call('DELETE', `${path}/${one._id}/register`);

    expect(made['_registeredConnectionIds']).toEqual([]);
    expect([registered.status, again.status, dropped.status]).toEqual([200, 200, 204]);
    const { body } = await call('GET', `/v1/integrations/${made._id}`);
    expect(body._registeredConnectionIds).toEqual([two._id]);
  });

  test('Registrations survive a replacement.', async () => {
    const { make, call } = await bench();
    const connection = await make('connections', CONNECTION);
    const made = await make('integrations', { name: 'Shop' });
    await call('PUT', `/v1/integrations/${made._id}/connections/register`, [connection._id]);

    const reply = await call('PUT', `/v1/integrations/${made._id}`, { name: 'Shop' });

    expect(reply.body._registeredConnectionIds).toEqual([connection._id]);
  });

  test('A registration ends with its connection, and one that names nothing stops no other write.', async () => {
    const { make, call, sandbox } = await bench();
    const connection = await make('connections', CONNECTION);
    const made = await make('integrations', { name: 'Shop' });
    await call('PUT', `/v1/integrations/${made._id}/connections/register`, [connection._id]);

    await call('DELETE', `/v1/connections/${connection._id}`);
    const { body } = await call('GET', `/v1/integrations/${made._id}`);
    sandbox.edit('a', 'integrations', made._id, (document) => {
      document['_registeredConnectionIds'] = [NOBODY];
    });
    const replaced = await call('PUT', `/v1/integrations/${made._id}`, { name: 'Shop' });

    expect(body._registeredConnectionIds).toEqual([]);
    expect(replaced.status).toBe(200);
  });

  test('A patch adds a group, which gets an id, and leaves the others as they are.', async () => {
    const { make, call } = await bench();
    const made = await make('integrations', { name: 'Shop', flowGroupings: [{ name: 'Daily' }] });

    await call('PATCH', `/v1/integrations/${made._id}`, [
      { op: 'add', path: '/flowGroupings/-', value: { name: 'Weekly' } },
    ]);

    const { body } = await call('GET', `/v1/integrations/${made._id}`);
    expect(body.flowGroupings).toEqual([
      ...(made['flowGroupings'] as object[]),
      { name: 'Weekly', _id: expect.stringMatching(/^[0-9a-f]{24}$/) },
    ]);
  });

  test('Unknown connections are refused with their places, and what is no list too.', async () => {
    const { make, refusal } = await bench();
    const connection = await make('connections', CONNECTION);
    const made = await make('integrations', { name: 'Shop' });
    const path = `/v1/integrations/${made._id}/connections/register`;

    expect(await refusal('PUT', path, [connection._id, NOBODY])).toEqual(['422 invalid_ref [1]']);
    expect(await refusal('PUT', path, { ids: [] })).toEqual(['422 invalid_request']);
  });

  test('The wiring of an integration app is not for others.', async () => {
    const { make, refusal, sandbox } = await bench();
    const connection = await make('connections', CONNECTION);
    const made = await make('integrations', { name: 'App' });
    sandbox.edit('a', 'integrations', made._id, (document) => {
      document['_connectorId'] = NOBODY;
    });

    const refused = await refusal('PUT', `/v1/integrations/${made._id}/connections/register`, [
      connection._id,
    ]);

    expect(refused).toEqual(['422 not_allowed']);
  });

  test('A connection made under an integration is registered with it.', async () => {
    const { make, call } = await bench();
    const made = await make('integrations', { name: 'Shop' });

    const connection = await call('POST', `/v1/integrations/${made._id}/connections`, CONNECTION);

    expect(connection.status).toBe(201);
    expect(connection.text).not.toContain('planted-secret');
    const { body } = await call('GET', `/v1/integrations/${made._id}`);
    expect(body._registeredConnectionIds).toEqual([connection.body._id]);
  });
});
